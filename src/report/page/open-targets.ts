/// <reference lib="dom" />
// What a link within a page leads to is opened where it is a fold, or lies in one. The source text is put into the report's document as it is, so
// it must not use anything from outside itself.

/** Opens what the address leads to, and what is gone to from now on; ends with what it returns. */
export function openTargets(root: Document): () => void {
  function open(hash: string): void {
    let part = hash.length > 1 ? root.getElementById(hash.slice(1)) : null;
    for (; part !== null; part = part.parentElement) if (part.tagName === "DETAILS") part.setAttribute("open", "");
  }

  function onClick(event: MouseEvent): void {
    const link = event.target instanceof Element ? event.target.closest('a[href^="#"]') : null;
    if (link !== null) open(link.getAttribute("href") ?? "");
  }

  function onHash(): void {
    open(location.hash);
  }

  root.addEventListener("click", onClick);
  addEventListener("hashchange", onHash);
  onHash();
  return () => {
    root.removeEventListener("click", onClick);
    removeEventListener("hashchange", onHash);
  };
}
