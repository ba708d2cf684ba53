// Hands the reader a file that was made in the page.

/** Asks the browser to save it. */
export function offerFile(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  // What is saved is read after the click is over.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
