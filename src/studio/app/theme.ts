// Light or dark: the system's choice, or the reader's own, which this browser remembers. Colors are `light-dark()` pairs in tokens.css.

export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

const storageKey = "mesascope-theme";
const changed = new EventTarget();

/** What the reader chose before; `system` where nothing was, or where the browser keeps nothing. */
export function storedTheme(): Theme {
  try {
    const stored = localStorage.getItem(storageKey);
    return themes.find((theme) => theme === stored) ?? "system";
  } catch {
    return "system";
  }
}

/** Shows a theme and remembers it. */
export function applyTheme(theme: Theme): void {
  document.documentElement.style.colorScheme = theme === "system" ? "light dark" : theme;
  try {
    if (theme === "system") localStorage.removeItem(storageKey);
    else localStorage.setItem(storageKey, theme);
  } catch {
    // A browser that keeps nothing shows the theme as long as the page is open.
  }
  changed.dispatchEvent(new Event("change"));
}

/** Tells when colors may have changed, for what is painted on a canvas. Returns what ends it. */
export function onThemeChange(listener: () => void): () => void {
  const told = [matchMedia("(prefers-color-scheme: dark)"), matchMedia("(forced-colors: active)"), changed];
  for (const each of told) each.addEventListener("change", listener);
  return () => {
    for (const each of told) each.removeEventListener("change", listener);
  };
}
