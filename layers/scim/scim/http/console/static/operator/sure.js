// A button that asks once more before it does what cannot be taken back.
import { html, useState } from "../vendor/htm-preact-3.1.1.js";

export const Sure = ({ title, sure, name, act }) => {
  const [isAsked, setAsked] = useState(false);
  const press = () => {
    setAsked(!isAsked);
    if (isAsked) act();
  };
  return html`<button type="button" onClick=${press} onBlur=${() => setAsked(false)}>${isAsked ? sure : title}<span class="hidden"> ${name}</span></button>`;
};
