// What the pages use of htm/preact/standalone.module.js, whose types are not part of it.
export function html(strings: TemplateStringsArray, ...values: unknown[]): any;
export function render(what: unknown, where: Element | null): void;
export function useState(initial: any): [any, (next: any) => void];
export function useEffect(act: () => void | (() => void), changes?: unknown[]): void;
export function useRef(initial: any): { current: any };
