// A throw-away identity provider for the tests: the certified oidc-provider, with people of ours and lies on demand.
// `node idp.mjs PORT REDIRECT_URI…`; SSO_PROVIDER names the folder in which the package is installed.
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const installed = createRequire(join(process.env.SSO_PROVIDER, "here.js"));
const load = (name) => import(pathToFileURL(installed.resolve(name)).href);
const { default: Provider } = await load("oidc-provider");
const jose = await load("jose");

const [port, ...redirects] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
const client = { client_id: "complaints", client_secret: "a-client-secret-of-some-length" };
const KID = "the-known-key";
const now = () => Math.floor(Date.now() / 1000);

// What the tests change while it runs: who signs in by themselves, which lie is told, and each person's groups.
const told = { person: "", lie: "", groups: { asha: ["handlers"], mo: [], zed: ["handlers", "managers"] } };
const people = { asha: "Asha Patel", mo: "Mo Ånström", zed: "Zed New", dee: "Dee Handler" };
const claims = (id) => ({
  sub: id,
  name: people[id] ?? id,
  preferred_username: id,
  email: "handler@council.example",
  groups: told.groups[id] ?? [],
});

const { privateKey } = await jose.generateKeyPair("RS256", { extractable: true });
const stranger = await jose.generateKeyPair("RS256", { extractable: true });
const key = { ...(await jose.exportJWK(privateKey)), kid: KID, alg: "RS256", use: "sig" };

const provider = new Provider(issuer, {
  clients: [{ ...client, redirect_uris: redirects, grant_types: ["authorization_code"], response_types: ["code"] }],
  jwks: { keys: [key] },
  pkce: { required: () => true },
  claims: { openid: ["sub"], email: ["email"], profile: ["name", "preferred_username", "groups"] },
  conformIdTokenClaims: false,
  findAccount: (_ctx, id) => ({ accountId: id, claims: () => claims(id) }),
  features: { devInteractions: { enabled: true } },
  cookies: { keys: ["a key for the tests"] },
  ttl: { AccessToken: 300, AuthorizationCode: 60, IdToken: 300, Session: 3600, Interaction: 600, Grant: 3600 },
  // Nobody is asked for consent: it is the council's own provider.
  async loadExistingGrant(ctx) {
    const { client: asking, session } = ctx.oidc;
    const grant = new ctx.oidc.provider.Grant({ clientId: asking.clientId, accountId: session.accountId });
    grant.addOIDCScope("openid profile email");
    await grant.save();
    return grant;
  },
});

const signed = (payload, by = privateKey, kid = KID) =>
  new jose.SignJWT(payload).setProtectedHeader({ alg: "RS256", kid }).sign(by);
const encoded = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const without = (payload, name) => Object.fromEntries(Object.entries(payload).filter(([each]) => each !== name));

// Each lie makes another id_token of the true one; the last ones lie elsewhere.
const LIES = {
  truth: (payload) => signed(payload),
  audience: (payload) => signed({ ...payload, aud: "another-application" }),
  "second audience": (payload) => signed({ ...without(payload, "azp"), aud: ["complaints", "another-application"] }),
  "another party": (payload) => signed({ ...payload, aud: ["complaints", "another"], azp: "another" }),
  issuer: (payload) => signed({ ...payload, iss: "https://evil.example" }),
  expired: (payload) => signed({ ...payload, iat: now() - 4000, exp: now() - 1000 }),
  nonce: (payload) => signed({ ...payload, nonce: "of-another-sign-in" }),
  "no nonce": (payload) => signed(without(payload, "nonce")),
  "no subject": (payload) => signed(without(payload, "sub")),
  "another key": (payload) => signed(payload, stranger.privateKey),
  "an unknown key": (payload) => signed(payload, stranger.privateKey, "a-key-nobody-knows"),
  unsigned: (payload) => `${encoded({ alg: "none", typ: "JWT" })}.${encoded(payload)}.`,
  "signed with the secret": (payload) =>
    new jose.SignJWT(payload)
      .setProtectedHeader({ alg: "HS256", kid: KID })
      .sign(new TextEncoder().encode(client.client_secret)),
  tampered: async (payload) => {
    const [head, , seal] = (await signed(payload)).split(".");
    return [head, encoded({ ...payload, sub: "dee" }), seal].join(".");
  },
  "no token": () => undefined,
  "swapped subject": (payload) => signed(payload),
  "nameless user-info": (payload) => signed(payload),
};

async function control(ctx) {
  Object.assign(told, Object.fromEntries(ctx.URL.searchParams.entries().filter(([name]) => name !== "groups")));
  const groups = ctx.URL.searchParams.get("groups");
  if (groups !== null) told.groups[told.person] = groups.split(",").filter(Boolean);
  ctx.body = Object.keys(LIES);
}

async function signInByThemselves(ctx) {
  const result = { login: { accountId: told.person } };
  await provider.interactionFinished(ctx.req, ctx.res, result, { mergeWithLastSubmission: false });
  ctx.respond = false;
}

provider.use(async (ctx, next) => {
  if (ctx.path === "/told") return control(ctx);
  if (told.person && ctx.path.startsWith("/interaction/")) return signInByThemselves(ctx);
  await next();
  if (told.lie && ctx.oidc?.route === "token" && ctx.body?.id_token) {
    ctx.body.id_token = await LIES[told.lie](jose.decodeJwt(ctx.body.id_token));
    if (ctx.body.id_token === undefined) delete ctx.body.id_token;
  }
  if (ctx.oidc?.route === "userinfo" && told.lie === "swapped subject") ctx.body = { ...ctx.body, ...claims("dee") };
  if (ctx.oidc?.route === "userinfo" && told.lie === "nameless user-info") ctx.body = { name: "Dee Handler", groups: ["managers"] };
});

provider.listen(Number(port), "127.0.0.1", () => console.log(`ready ${issuer}`));
