// The session of a page: how it begins, what is shown when something is refused, how it ends.
import { useRef, useState } from "./vendor/htm-preact-3.1.1.js";
import { ask, opened } from "./api.js";
import { hasUnsaved, mayLeave } from "./place.js";
import { common } from "./text.js";

const SLOW = 500;

/**
 * `attempt` does something that somebody asked for, `follow` what the page repeats by itself. Both show a refusal as its
 * sentence, and a 401 ends the session (`isOut`). The sentence stays until the next attempt; `follow` takes back only its own.
 */
export function useSession() {
  const [session, setSession] = useState(null);
  const [why, setWhy] = useState("");
  const [waiting, setWaiting] = useState(0);
  const [isOut, setOut] = useState(false);
  const isOver = useRef(false);
  const isFollowed = useRef(false);
  const refused = (refusal, byItself) => {
    if (isOver.current) return undefined; // what was asked before somebody signed out
    isFollowed.current = byItself;
    const isKept = refusal.status === 401 && hasUnsaved();
    setWhy(isKept ? `${refusal.message} ${common.kept}` : refusal.message);
    if (refusal.status === 401 && !isKept) {
      setSession(null);
      setOut(true);
    }
    return undefined;
  };
  const attempt = async (what) => {
    let isSlow = false;
    const timer = setTimeout(() => {
      isSlow = true;
      setWaiting((before) => before + 1);
    }, SLOW);
    try {
      if (!isOver.current) setWhy("");
      isFollowed.current = false;
      return await what();
    } catch (refusal) {
      return refused(refusal, false);
    } finally {
      clearTimeout(timer);
      if (isSlow) setWaiting((before) => before - 1);
    }
  };
  const follow = async (what) => {
    try {
      const found = await what();
      if (isFollowed.current && !isOver.current) setWhy("");
      isFollowed.current = false;
      return found;
    } catch (refusal) {
      return refused(refusal, true);
    }
  };
  const begin = () =>
    attempt(async () => {
      const found = await opened();
      setSession(found);
      return found;
    });
  const leave = () =>
    mayLeave() && attempt(async () => {
      await ask("DELETE", "session", {}).catch((refusal) => {
        if (refusal.status !== 401) throw refusal; // it has ended by itself
      });
      isOver.current = true;
      setSession(null);
      setOut(true);
      setWhy(common.signedOut);
    });
  return { session, isOut, why, setWhy, isWaiting: waiting > 0, attempt, follow, begin, leave };
}
