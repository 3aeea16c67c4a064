// The session of a page: how it begins, what is shown when something is refused, how it ends.
import { useRef, useState } from "./vendor/htm-preact-3.1.1.js";
import { ask, opened } from "./api.js";
import { common } from "./text.js";

/** `attempt` does something and shows a refusal as its sentence; a 401 ends the session. */
export function useSession() {
  const [session, setSession] = useState(null);
  const [why, setWhy] = useState("");
  const isOver = useRef(false);
  const attempt = async (what) => {
    try {
      if (!isOver.current) setWhy("");
      return await what();
    } catch (refusal) {
      if (isOver.current) return undefined; // what was asked before somebody signed out
      setWhy(refusal.message);
      if (refusal.status === 401) setSession(null);
      return undefined;
    }
  };
  const begin = () =>
    attempt(async () => {
      const found = await opened();
      setSession(found);
      return found;
    });
  const leave = () =>
    attempt(async () => {
      await ask("DELETE", "session", {});
      isOver.current = true;
      setSession(null);
      setWhy(common.signedOut);
    });
  return { session, why, setWhy, attempt, begin, leave };
}
