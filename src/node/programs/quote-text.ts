// Text from elsewhere, as it may stand in a message on a terminal: short, and without characters that steer it.

/**
 * The first (or, `from: "end"`, the last) `most` characters (default 200), control characters replaced by spaces; in quotation marks
 * unless `marks` is false.
 */
export function quoteText(
  text: string,
  options: { readonly most?: number; readonly from?: "start" | "end"; readonly marks?: boolean } = {},
): string {
  const { most = 200, from = "start", marks = true } = options;
  // Control characters of both ranges, and those that turn the direction of writing.
  const plain = text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, " ").trim();
  const cut = plain.length <= most ? plain : from === "start" ? `${plain.slice(0, most)}…` : `…${plain.slice(-most)}`;
  return marks ? `"${cut}"` : cut;
}
