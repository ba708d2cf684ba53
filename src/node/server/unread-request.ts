// What is wrong with a request that was not read: its address, its content type, its body. What the API makes of one that was is in lab-router.ts.

/** Bytes of a body: a sweep of ten thousand jobs as they are. */
export const bodyLimit = 32 * 2 ** 20;

/** As Fastify throws it. */
export interface UnreadRequest {
  readonly code?: string;
  readonly message: string;
  readonly contentType: string | undefined;
}

/** What was given, what was expected, what to do, by Fastify's codes; its own message where it has another one. */
export function unreadText({ code, message, contentType }: UnreadRequest): string {
  switch (code) {
    case "FST_ERR_CTP_INVALID_MEDIA_TYPE":
      return `${contentType ? `content type "${contentType}"` : "no content type"} given; expected application/json. ${sendJson}`;
    case "FST_ERR_CTP_EMPTY_JSON_BODY":
      return `no body given; expected JSON, as the content type says. ${sendJson}`;
    case "FST_ERR_CTP_INVALID_JSON_BODY":
      return `a body given that is not JSON, or has a field "__proto__"; expected JSON, as the content type says. ${sendJson}`;
    case "FST_ERR_CTP_BODY_TOO_LARGE":
      return `a body given that is too large; expected at most ${bodyLimit / 2 ** 20} MiB. Split it, such as a sweep into several.`;
    case "FST_ERR_BAD_URL":
      return "an address given that is none: a % in it is followed by what is no letter in UTF-8. Write it as %25 where it stands for itself.";
    default:
      return message;
  }
}

const sendJson = 'Send what /openapi.json describes, with the header "content-type: application/json".';
