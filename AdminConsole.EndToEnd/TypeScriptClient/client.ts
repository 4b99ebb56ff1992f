// A program written against the generated types alone: it compiles under "strict", and creates, lists, uses, rotates and revokes a token.
import assert from 'node:assert/strict';
import createClient from 'openapi-fetch';
import type { components, paths } from './schema.js';

const [server, login, password] = process.argv.slice(2) as [string, string, string];

type Token = components['schemas']['TokenSummary'];

const anybody = createClient<paths>({ baseUrl: server });
const signedIn = await anybody.POST('/api/auth/login', { body: { login, password } });
assert.equal(signedIn.data?.email, login);
const cookie = signedIn.response.headers.getSetCookie().map(line => line.split(';')[0]).join('; ');

const person = createClient<paths>({ baseUrl: server, headers: { Cookie: cookie, Origin: new URL(server).origin } });
const program = (token: string) => createClient<paths>({ baseUrl: server, headers: { Authorization: `Bearer ${token}` } });

const created = await person.POST('/api/tokens', { body: { name: 'typescript', scopes: ['profile.read', 'tokens.rotate'], expiresInDays: 30 } });
assert.ok(created.data, created.error?.detail);
assert.match(created.data.token, /^acpat_[0-9A-Za-z]{49}$/);

const listed = await person.GET('/api/tokens');
const tokens: Token[] = listed.data?.items ?? [];
assert.deepEqual(tokens.map(token => [token.id, token.state]), [[created.data.id, 'active']]);

const me = await program(created.data.token).GET('/api/auth/me');
assert.equal(me.data?.authMethod, 'token');
const permissions: string[] = me.data.permissions;
assert.deepEqual(permissions, ['profile.read', 'tokens.rotate']);

const told = await program(created.data.token).POST('/oauth/introspect', {
  body: { token: created.data.token },
  headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
  bodySerializer: body => new URLSearchParams({ token: body.token }),
});
assert.equal(told.data?.active, true);

const rotated = await program(created.data.token).POST('/api/tokens/current/rotate', { body: { overlapMinutes: 5 } });
assert.ok(rotated.data, rotated.error?.detail);
assert.equal(rotated.data.rotatedFrom, created.data.id);

const byId = await person.POST('/api/tokens/{id}/rotate', { params: { path: { id: rotated.data.id } }, body: { endOnFirstUse: true } });
assert.ok(byId.data, byId.error?.detail);

const renamed = await person.PATCH('/api/tokens/{id}', { params: { path: { id: byId.data.id } }, body: { name: 'renamed', active: false } });
const state: Token['state'] | undefined = renamed.data?.state;
assert.equal(state, 'inactive');

const revoked = await person.DELETE('/api/tokens/{id}', { params: { path: { id: byId.data.id } } });
assert.equal(revoked.response.status, 204);

const refused = await program(byId.data.token).GET('/api/auth/me');
assert.equal(refused.error?.code, 'unauthenticated');
const unknown = await person.POST('/api/tokens', { body: { name: 'x', scopes: ['users.fly'] } });
assert.equal(unknown.error?.code, 'unknown_scope');

console.log('all of it worked');
