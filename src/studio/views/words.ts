// Numbers and times as a reader takes them in at a glance.

/** Three digits behind the point; a dash for what is not there. */
export function shortNumber(value: number | null | undefined): string {
  if (value === null || value === undefined) return "–";
  if (Math.abs(value) >= 10_000) return compact.format(value);
  return Number.isInteger(value) ? String(value) : value.toFixed(3);
}

const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

/** `0.93` → `93.0%`. */
export function percent(share: number | null | undefined): string {
  return share === null || share === undefined ? "–" : `${(share * 100).toFixed(1)}%`;
}

/** With its sign, a real minus: `+0.031`, `−0.2`, `±0`. */
export function signed(difference: number, text: (value: number) => string = shortNumber): string {
  return `${difference === 0 ? "±" : difference < 0 ? "−" : "+"}${text(Math.abs(difference))}`;
}

/** `41.5 s`, `3 min 20 s`, `2 h 5 min`. */
export function duration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined) return "–";
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.round(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `2026-11-21 18:29`, in the reader's time zone. */
export function dateTime(instant: string | null): string {
  if (instant === null) return "–";
  const date = new Date(instant);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** `0.1.0+fc0be8a21b` → `fc0be8a`: what tells two versions apart. */
export function shortCode(code: string): string {
  const hash = /\+([0-9a-f]{7})[0-9a-f]*$/.exec(code)?.[1];
  return hash ?? code;
}
