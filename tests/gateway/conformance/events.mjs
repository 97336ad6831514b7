// graphql-sse in its distinct connections mode, against the URL that is given. Prints one JSON line an event.
// Ends by itself after as many results as are asked for; "leave" on standard input unsubscribes.
import { createClient } from "graphql-sse";

const [url, query, count, token] = process.argv.slice(2);
const say = (event, more = {}) => console.log(JSON.stringify({ event, ...more }));

const client = createClient({
  url,
  singleConnection: false,
  headers: token ? { authorization: `Bearer ${token}` } : {},
  retryAttempts: 0,
  on: { connected: () => say("connected") },
});
let seen = 0;
const leave = client.subscribe(
  { query },
  {
    next: (result) => {
      say("next", { result });
      if (++seen === Number(count)) leave();
    },
    error: (error) => {
      say("error", { message: String(error.message ?? error) });
      process.stdin.unref?.();
    },
    complete: () => {
      say("complete");
      process.stdin.unref?.();
    },
  },
);
process.stdin.on("data", () => leave());
