import { describe, expect, it } from "vitest";
import { parseBucketAddress } from "./bucket-address.ts";
import { openStore } from "./open-store.ts";

const environment = { AWS_ACCESS_KEY_ID: "id", AWS_SECRET_ACCESS_KEY: "secret" };
const failure = (code: string, message: RegExp) => expect.objectContaining({ code, message: expect.stringMatching(message) });

describe("an address", () => {
  it("names bucket, prefix, endpoint and region, with Amazon's as default", () => {
    expect(parseBucketAddress("s3://labs/a/b/?endpoint=http://minio:9000/&region=auto", environment)).toEqual({
      bucket: "labs",
      prefix: "a/b/",
      endpoint: "http://minio:9000",
      region: "auto",
      accessKeyId: "id",
      secretAccessKey: "secret",
    });
    expect(parseBucketAddress("s3://labs", environment)).toMatchObject({
      prefix: "",
      endpoint: "https://s3.us-east-1.amazonaws.com",
      region: "us-east-1",
    });
    expect(parseBucketAddress("s3://labs", { ...environment, AWS_REGION: "eu-north-1" }).region).toBe("eu-north-1");
  });

  it.each([
    ["s3://", /bucket.*3 to 63 lowercase/],
    ["s3://UPPER/x", /the bucket "UPPER" was given.*expected s3:\/\/BUCKET/],
    ["s3://labs/a b", /the prefix "a%20b"/],
    ["s3://labs/a//b", /the prefix "a\/\/b"/],
    ["s3://labs/?endpont=http://x", /unknown parameter .*"endpont"; known: endpoint, region/],
    ["s3://labs/?endpoint=minio:9000", /an endpoint that is none.*https:\/\/minio/],
    ["s3://labs/?region=EU%20north", /the region "EU north"/],
    ["s3://labs:99999999/", /an address that is none/],
    ["gs://labs/x", /begins with "gs:" was given.*expected a folder's path or s3:/],
    ["", /an empty address was given/],
  ])("%j is refused with what was expected", async (address, words) => {
    await expect(openStore(address, environment)).rejects.toThrow(failure("usage", words));
  });

  it("of a bucket needs credentials from the environment, and lasting ones", async () => {
    await expect(openStore("s3://labs", {})).rejects.toThrow(failure("usage", /^AWS_ACCESS_KEY_ID is not set; .*Set both/));
    await expect(openStore("s3://labs", { AWS_ACCESS_KEY_ID: "id" })).rejects.toThrow(
      failure("usage", /^AWS_SECRET_ACCESS_KEY is not set/),
    );
    await expect(openStore("s3://labs", { ...environment, AWS_SESSION_TOKEN: "t" })).rejects.toThrow(
      failure("usage", /Use a lasting access key/),
    );
  });
});
