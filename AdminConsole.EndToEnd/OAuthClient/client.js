// Two public libraries, as they come: one drives discovery, the device flow, refresh, introspection and revocation, the other checks what was signed.
import assert from 'node:assert/strict';
import * as jose from 'jose';
import * as oauth from 'oauth4webapi';

const server = new URL(process.argv[2]);
const client = { client_id: 'a-stock-client' };
const none = oauth.None();
const loopback = { [oauth.allowInsecureRequests]: true };

const as = await oauth.processDiscoveryResponse(server, await oauth.discoveryRequest(server, { algorithm: 'oauth2', ...loopback }));

const device = await oauth.processDeviceAuthorizationResponse(as, client,
  await oauth.deviceAuthorizationRequest(as, client, none, { scope: 'profile.read users.read', device_name: 'node' }, loopback));
console.log(`code ${device.user_code}`);

let tokens;
while (!tokens) {
  await new Promise(resolve => setTimeout(resolve, device.interval * 1000));
  try {
    tokens = await oauth.processDeviceCodeResponse(as, client, await oauth.deviceCodeGrantRequest(as, client, none, device.device_code, loopback));
  } catch (error) {
    assert.ok(error instanceof oauth.ResponseBodyError, error);
    assert.equal(error.error, 'authorization_pending');
    console.log('pending');
  }
}

const refreshed = await oauth.processRefreshTokenResponse(as, client, await oauth.refreshTokenGrantRequest(as, client, none, tokens.refresh_token, loopback));
assert.notEqual(refreshed.refresh_token, tokens.refresh_token);
assert.equal(refreshed.scope, 'profile.read users.read');

const keys = jose.createRemoteJWKSet(new URL(as.jwks_uri));
const { payload, protectedHeader } = await jose.jwtVerify(refreshed.access_token, keys, { issuer: as.issuer, audience: as.issuer, typ: 'at+jwt', algorithms: ['ES256'], requiredClaims: ['jti', 'client_id', 'auth_time', 'sid'] });
assert.equal(payload.client_id, 'a-stock-client');
const { keys: [jwk] } = await (await fetch(as.jwks_uri)).json();
assert.equal(await jose.calculateJwkThumbprint(jwk), protectedHeader.kid);
const forged = refreshed.access_token.slice(0, -4) + (refreshed.access_token.endsWith('AAAA') ? 'BBBB' : 'AAAA');
await assert.rejects(jose.jwtVerify(forged, keys, { typ: 'at+jwt' }));

const users = await oauth.protectedResourceRequest(refreshed.access_token, 'GET', new URL('/api/users?limit=1', server), undefined, null, loopback);
assert.equal(users.status, 200);

const bearer = (_as, _client, _body, headers) => headers.set('authorization', `Bearer ${refreshed.access_token}`);
const told = await oauth.processIntrospectionResponse(as, client, await oauth.introspectionRequest(as, client, bearer, refreshed.refresh_token, loopback));
assert.equal(told.active, true);

await oauth.processRevocationResponse(await oauth.revocationRequest(as, client, none, refreshed.refresh_token, loopback));
await assert.rejects(async () => oauth.processRefreshTokenResponse(as, client, await oauth.refreshTokenGrantRequest(as, client, none, refreshed.refresh_token, loopback)),
  error => error.error === 'invalid_grant');
console.log('all of it worked');
