import { signedHeaders } from '../../../../lambda/src/invoke/sigv4.ts';

it('signs as another implementation does: the signature that curl --aws-sigv4 makes of the same request', async () => {
  const { authorization } = await signedHeaders(
    {
      method: 'POST',
      url: new URL('https://api.example.com/production/break-glass/operations'),
      headers: { host: 'api.example.com', 'content-type': 'application/json' },
      body: '{"operationId":"op-0001"}',
    },
    {
      credentials: { accessKeyId: 'USERKEY', secretAccessKey: 'one-secret' },
      region: 'eu-west-1',
      service: 'execute-api',
      at: new Date('2026-11-22T02:00:00Z'),
    },
  );
  expect(authorization).toBe(
    'AWS4-HMAC-SHA256 Credential=USERKEY/20261122/eu-west-1/execute-api/aws4_request, ' +
      'SignedHeaders=content-type;host;x-amz-date, ' +
      'Signature=dbc3d4d275dba48b50b94138fa640d4cbf7ccdbcc0e4468f4124e73997a1aee8',
  );
});
