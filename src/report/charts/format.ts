// Numbers and lists as a person reads them: a true minus sign, a fixed count of digits, and words where a number is missing.

/** A number in the digits of a program, as it is read: a true minus sign, and none where nothing is left of the number. Files keep `-`. */
export function withTrueMinus(text: string): string {
  return text.replace(/^-(?=0(?:\.0+)?(?![\d.]))/, "").replace(/^-/, "−");
}

/** The value with `digits` decimals and a true minus sign; `not measured` for null and for anything that is not finite. */
export function formatNumber(value: number | null, digits = 2): string {
  if (value === null || !Number.isFinite(value)) return "not measured";
  return withTrueMinus(value.toFixed(digits));
}

/** A share as a percentage, e.g. `.973` → `97%`; `not measured` where there is none. */
export function formatPercent(share: number | null, digits = 0): string {
  return share === null || !Number.isFinite(share) ? "not measured" : `${formatNumber(share * 100, digits)}%`;
}

/** `[0.91, 1.07]`. */
export function formatInterval(low: number, high: number, digits = 2): string {
  return `[${formatNumber(low, digits)}, ${formatNumber(high, digits)}]`;
}

/** A count with its thousands set apart: `1,200,000`; `not measured` where there is none. */
export function formatCount(count: number | null): string {
  return count !== null && Number.isFinite(count) ? withTrueMinus(Math.round(count).toLocaleString("en-US")) : "not measured";
}

/** In as few digits as tell it to hundredths: `0.2`, `−1.25`, `3`. */
export function formatHundredths(value: number): string {
  return withTrueMinus(String(Number(value.toFixed(2))));
}

/** A count as an axis has room for it: `250 k`, `1.5 M`. */
export function formatShortCount(count: number): string {
  if (Math.abs(count) >= 1e6) return withTrueMinus(`${Number((count / 1e6).toFixed(2))} M`);
  if (Math.abs(count) >= 1e3) return withTrueMinus(`${Number((count / 1e3).toFixed(1))} k`);
  return formatHundredths(count);
}

/** Seconds as minutes and seconds: `4 min 7 s`, below a minute `38.2 s`. */
export function formatSeconds(seconds: number): string {
  if (!Number.isFinite(seconds)) return "not measured";
  const tenths = Math.round(seconds * 10) / 10;
  if (tenths < 60) return `${tenths} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** The text with its first letter large. */
export function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `A`, `A and B`, `A, B and C`. */
export function joinWords(words: readonly string[]): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} and ${words[words.length - 1]}`;
}

/** Small counts as words, as a sentence starts with them: `Five agents`, `One agent`, `23 agents`. */
export function countInWords(count: number, noun: string): string {
  const words = ["No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten"];
  return `${words[count] ?? count} ${noun}${count === 1 ? "" : "s"}`;
}

/** At most `length` characters, the cut shown by an ellipsis. Counts code points, so that no character is torn. */
export function shorten(text: string, length: number): string {
  const characters = [...text];
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join("")}…`;
}
