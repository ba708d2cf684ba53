// Where the API of a lab lies.

/** Version of paths and meanings, not of the package. */
export const apiVersion = 1;
export const apiPrefix = `/api/v${apiVersion}`;
