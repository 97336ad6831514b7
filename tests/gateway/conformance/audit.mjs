// The audits of graphql-http against the URL that is given; prints each with its outcome as JSON.
// With "preflight" as second argument, GET requests carry the header that the gateway asks of them.
import { serverAudits } from "graphql-http";

const [url, mode] = process.argv.slice(2);
const fetchFn = (input, init = {}) =>
  mode === "preflight" && (init.method ?? "GET") === "GET"
    ? fetch(input, { ...init, headers: { ...init.headers, "GraphQL-Require-Preflight": "1" } })
    : fetch(input, init);

const outcomes = [];
for (const audit of serverAudits({ url, fetchFn })) {
  const result = await audit.fn();
  outcomes.push({ id: audit.id, name: audit.name, status: result.status, reason: result.reason ?? null });
}
console.log(JSON.stringify(outcomes));
