// Which screen is shown, as the address says it: back, forward, a reload, a bookmark and a second tab lead there.
import { html, useEffect, useRef, useState } from "./vendor/htm-preact-3.1.1.js";
import { common } from "./text.js";

let unsaved = 0;

/** @returns {Record<string, string>} */
const here = () => Object.fromEntries(new URLSearchParams(location.search));
const addressOf = (place) => {
  const query = String(new URLSearchParams(Object.entries(place).filter(([, value]) => value)));
  return location.pathname + (query && `?${query}`);
};

/** Tells whether the page holds text that is not stored. */
export const hasUnsaved = () => unsaved > 0;

/** Asks before text that is not stored is lost; true if nothing is, or if it may be. */
export const mayLeave = () => !hasUnsaved() || confirm(common.unsaved);

/**
 * Where a screen could not be read (`isRefused`), going to it again reads it again.
 * @param {boolean} isRefused
 * @returns {[Record<string, string>, (place: Record<string, string>) => void, number]} the place, how to go to another, and how often that was after a refusal
 */
export function usePlace(isRefused) {
  const [place, setPlace] = useState(here);
  const again = useRef(0);
  useEffect(() => {
    const moved = () => {
      if (mayLeave()) setPlace(here());
      else history.pushState(null, "", addressOf(place));
    };
    addEventListener("popstate", moved);
    return () => removeEventListener("popstate", moved);
  }, [place]);
  const go = (next) => {
    if (!mayLeave()) return;
    if (addressOf(next) !== location.pathname + location.search) history.pushState(null, "", addressOf(next));
    if (isRefused) again.current += 1;
    setPlace(next);
  };
  return [place, go, again.current];
}

/** Names the tab after its screen: `demo: Tokens – Console`. */
export function useTitle(screen, page) {
  useEffect(() => {
    document.title = [screen, page].filter(Boolean).join(" – ");
  }, [screen, page]);
}

/** Has the browser ask before a page is left that holds text that is not stored. */
export function useUnsaved(isUnsaved) {
  useEffect(() => {
    if (!isUnsaved) return undefined;
    const leaving = (event) => event.preventDefault();
    unsaved += 1;
    addEventListener("beforeunload", leaving);
    return () => {
      unsaved -= 1;
      removeEventListener("beforeunload", leaving);
    };
  }, [isUnsaved]);
}

/**
 * A link to another screen of this page. A click with a modifier key is the browser's, as for any link.
 * @param {{to: Record<string, string>, go: (place: Record<string, string>) => void, isCurrent?: boolean, children?: any}} given
 */
export const Link = ({ to, go, isCurrent, children }) => {
  const follow = (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(to);
  };
  return html`<a href=${addressOf(to)} aria-current=${isCurrent ? "page" : null} onClick=${follow}>${children}</a>`;
};
