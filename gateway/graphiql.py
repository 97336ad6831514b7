"""GraphiQL with three ready operations, served from files that were installed, so that it works without a network."""

from importlib import resources

import msgspec
from aiohttp import web

_ASSETS = {
    "graphiql.min.css": "text/css",
    "graphiql.min.js": "text/javascript",
    "react.production.min.js": "text/javascript",
    "react-dom.production.min.js": "text/javascript",
    "graphql-ws.min.js": "text/javascript",
}
_PACKAGE = "graphene_django_graphiql_static"

EXAMPLES = tuple(
    path.read_text()
    for path in sorted(resources.files("gateway").joinpath("examples").iterdir(), key=lambda path: path.name)
)
"""The operations under gateway/examples, in the order of their file names."""

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Jasne – GraphiQL</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/graphiql/graphiql.min.css">
<style>html, body, #graphiql { height: 100%; margin: 0 }</style>
</head>
<body>
<div id="graphiql">Loading… GraphiQL needs JavaScript.</div>
<script src="/graphiql/react.production.min.js"></script>
<script src="/graphiql/react-dom.production.min.js"></script>
<script src="/graphiql/graphql-ws.min.js"></script>
<script src="/graphiql/graphiql.min.js"></script>
<script>
const url = location.origin + location.pathname;
let headers = {};
const fetcher = GraphiQL.createFetcher({
  url,
  fetch: (input, init) => { headers = init.headers; return fetch(input, init); },
  wsClient: graphqlWs.createClient({
    url: url.replace(/^http/, "ws"),
    lazy: true,
    connectionParams: () => ({ authorization: headers.authorization || headers.Authorization }),
  }),
});
const options = {
  fetcher,
  defaultEditorToolsVisibility: "headers",
  defaultTabs: EXAMPLES,
  shouldPersistHeaders: false,
};
ReactDOM.render(React.createElement(GraphiQL, options), document.getElementById("graphiql"));
</script>
</body>
</html>
"""


def page() -> web.Response:
    tabs = [{"query": query} for query in EXAMPLES]
    text = _PAGE.replace("EXAMPLES", msgspec.json.encode(tabs).decode().replace("</", "<\\/"))
    return web.Response(text=text, content_type="text/html", headers={"Cache-Control": "no-cache"})


async def asset(request: web.Request) -> web.StreamResponse:
    name = request.match_info["name"]
    if name not in _ASSETS:
        raise web.HTTPNotFound
    file = resources.files(_PACKAGE).joinpath("static", _PACKAGE, name)
    return web.Response(
        body=file.read_bytes(), content_type=_ASSETS[name], headers={"Cache-Control": "public, max-age=86400"}
    )
