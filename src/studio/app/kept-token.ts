// The token that the reader gave: this tab keeps it until it is closed, or, in a browser that keeps nothing, until the page is left.

const storageKey = "mesascope-token";
let inMemory: string | null = null;

export function keptToken(): string | null {
  try {
    return sessionStorage.getItem(storageKey) ?? inMemory;
  } catch {
    return inMemory;
  }
}

export function keepToken(token: string): void {
  inMemory = token;
  try {
    sessionStorage.setItem(storageKey, token);
  } catch {
    // Denied: it is in memory.
  }
}

export function forgetToken(): void {
  inMemory = null;
  try {
    sessionStorage.removeItem(storageKey);
  } catch {
    // Denied: nothing was kept.
  }
}
