// Addresses of buckets: s3://BUCKET/PREFIX?endpoint=https://HOST&region=REGION. Credentials come from the environment, never from an address,
// which is shown and logged; so no message here repeats an address that may hold some.

import { MesascopeError, throwUnknown } from "../../../core/base/errors.ts";

export interface BucketAddress {
  readonly bucket: string;
  /** What all keys begin with: empty, or ending in a slash. */
  readonly prefix: string;
  /** With scheme, host and perhaps a port and a path; the bucket comes after it ("path style"). */
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

const parameters = ["endpoint", "region"];
const defaultRegion = "us-east-1";
const shape =
  "s3://BUCKET/PREFIX?endpoint=https://HOST&region=REGION (endpoint and region only where it is not Amazon's in us-east-1)";

/** Throws `usage`: what was given, what was expected, what to do. */
export function parseBucketAddress(address: string, environment: Readonly<Record<string, string | undefined>>): BucketAddress {
  const url = URL.parse(address);
  if (url === null) return refuse("an address that is none", "Check it for spaces and special characters.");
  if (url.username !== "" || url.password !== "") {
    return refuse(
      "an address with credentials in it",
      "Leave them out, and set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment.",
    );
  }
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(url.host)) {
    return refuse(`the bucket "${url.host}"`, "A bucket's name has 3 to 63 lowercase letters, digits, dots and hyphens.");
  }
  const path = url.pathname.replace(/^\/+|\/+$/g, "");
  if (path !== "" && !path.split("/").every((it) => /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(it))) {
    return refuse(
      `the prefix "${path}"`,
      "A prefix has words of letters, digits, dots, hyphens and underscores, separated by slashes.",
    );
  }
  for (const name of url.searchParams.keys()) {
    if (!parameters.includes(name)) throwUnknown("parameter of an s3:// address", name, parameters, `Write ${shape}.`);
  }
  const region = url.searchParams.get("region") ?? environment.AWS_REGION ?? defaultRegion;
  if (!/^[a-z0-9-]{1,63}$/.test(region))
    return refuse(`the region "${region}"`, 'A region is a word such as "eu-central-1" or "auto".');
  return {
    bucket: url.host,
    prefix: path === "" ? "" : `${path}/`,
    endpoint: parseEndpoint(url.searchParams.get("endpoint") ?? `https://s3.${region}.amazonaws.com`),
    region,
    ...credentialsOf(environment),
  };
}

function parseEndpoint(text: string): string {
  const endpoint = URL.parse(text);
  if (endpoint === null || !/^https?:$/.test(endpoint.protocol) || endpoint.search !== "" || endpoint.hash !== "") {
    return refuse("an endpoint that is none", "Write it as in endpoint=https://minio.example:9000.");
  }
  if (endpoint.username !== "" || endpoint.password !== "") {
    return refuse(
      "an endpoint with credentials in it",
      "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment instead.",
    );
  }
  return endpoint.href.replace(/\/+$/, "");
}

function credentialsOf(environment: Readonly<Record<string, string | undefined>>) {
  const [accessKeyId = "", secretAccessKey = ""] = [environment.AWS_ACCESS_KEY_ID, environment.AWS_SECRET_ACCESS_KEY];
  if (environment.AWS_SESSION_TOKEN) {
    return refuse("AWS_SESSION_TOKEN, of credentials that run out,", "Use a lasting access key: a lab's jobs outlive a session.");
  }
  if (accessKeyId !== "" && secretAccessKey !== "") return { accessKeyId, secretAccessKey };
  const missing = accessKeyId === "" ? "AWS_ACCESS_KEY_ID" : "AWS_SECRET_ACCESS_KEY";
  throw new MesascopeError(
    "usage",
    `${missing} is not set; a bucket needs the environment variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. Set both.`,
  );
}

function refuse(given: string, advice: string): never {
  throw new MesascopeError("usage", `${given} was given for a lab's files; expected ${shape}. ${advice}`);
}
