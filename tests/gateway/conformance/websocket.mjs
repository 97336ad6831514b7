// graphql-ws, the client of graphql-transport-ws, against the URL that is given. Prints one JSON line an event.
// Ends by itself after as many results as are asked for; "leave" on standard input unsubscribes.
import { createClient } from "graphql-ws";

const [url, query, count, token] = process.argv.slice(2);
const say = (event, more = {}) => console.log(JSON.stringify({ event, ...more }));

const client = createClient({
  url,
  connectionParams: token ? { authorization: `Bearer ${token}` } : {},
  retryAttempts: 0,
  on: {
    connected: () => say("connected"),
    closed: (event) => say("closed", { code: event.code }),
  },
});
let seen = 0;
const leave = client.subscribe(
  { query },
  {
    next: (result) => {
      say("next", { result });
      if (++seen === Number(count)) leave();
    },
    error: (error) => say("error", { error: Array.isArray(error) ? error : { code: error.code, reason: error.reason } }),
    complete: () => {
      say("complete");
      client.dispose();
      process.stdin.unref?.();
    },
  },
);
process.stdin.on("data", () => leave());
