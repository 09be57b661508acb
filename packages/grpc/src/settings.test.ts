import { readGrpcSettings } from './settings.js';

const JWT_SECRET = 'a-secret-of-thirty-two-characters-or-more';

it('are a port, the usual one where none is said, and the secret of tokens', () => {
  expect(readGrpcSettings({ JWT_SECRET })).toEqual({ port: 50_051, jwtSecret: JWT_SECRET });
  expect(readGrpcSettings({ JWT_SECRET, GRPC_PORT: '0' })).toEqual({ port: 0, jwtSecret: JWT_SECRET });
});

it('are refused with all problems at once, without the secret', () => {
  const read = () => readGrpcSettings({ GRPC_PORT: '65536', JWT_SECRET: 'short-one' });

  expect(read).toThrow(/GRPC_PORT: [^]*JWT_SECRET: must have 32 characters or more/);
  expect(read).not.toThrow(/short-one/);
  expect(() => readGrpcSettings({})).toThrow('JWT_SECRET is missing');
});
