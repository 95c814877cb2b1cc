// Who may knock at all. The endpoint listens on loopback, but a web page in the user's browser can send requests
// there too: by a name of its own that it makes resolve to 127.0.0.1 (DNS rebinding), or across sites. Neither gets
// further than this.
import type { IncomingHttpHeaders } from "node:http";

const LOOPBACK = /^(?:localhost|127\.0\.0\.1|\[::1\]|(?:[a-z0-9-]+\.)+localhost)$/i;
// Names below .localhost are loopback by definition, and resolvers must not ask anybody about them (RFC 6761, 6.3):
// nobody can rebind one. S3's control API puts the account's number there.

/** Why a request isn't let in, or undefined. `port` is where the endpoint listens. */
export function refusal(headers: IncomingHttpHeaders, port: number): string | undefined {
  const { host = "", origin, "sec-fetch-site": site } = headers;
  const match = /^(.*):(\d+)$/.exec(host);
  if (!match || !LOOPBACK.test(match[1] ?? "") || Number(match[2]) !== port) {
    return (
      `This is an embedded AWS: it answers as 127.0.0.1:${port} or localhost:${port}, not as ` +
      `"${host.slice(0, 100)}".`
    );
  }
  if (origin !== undefined && origin !== `http://${host}`) {
    return "This is an embedded AWS: it takes no request of another site's page.";
  }
  if (site !== undefined && site !== "same-origin" && site !== "none") {
    return "This is an embedded AWS: it takes no request of another site's page.";
  }
  return undefined;
}
