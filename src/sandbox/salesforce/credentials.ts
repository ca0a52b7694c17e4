import { generateKeyPairSync } from 'node:crypto';
import type { Random } from '../kernel/clock.ts';
import { randomText } from './sessions.ts';

/** The one connected app and its user. Tokens of all three grants act as this user. */
export interface SalesforceCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly username: string;
  /** Current one; changes with the switch `rotateRefreshTokens`. */
  readonly refreshToken: string;
  /** PKCS #8, for signing assertions. */
  readonly privateKeyPem: string;
}

export interface KeyPair {
  readonly privateKeyPem: string;
  readonly publicKeyPem: string;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

export function newKeyPair(): KeyPair {
  const pair = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return { privateKeyPem: pair.privateKey, publicKeyPem: pair.publicKey };
}

export function newCredentials(random: Random, keys: KeyPair): SalesforceCredentials {
  return {
    clientId: 'sandbox-client-id',
    clientSecret: randomText(random, '0123456789ABCDEF', 64),
    username: 'connector@sandbox.example',
    refreshToken: newRefreshToken(random),
    privateKeyPem: keys.privateKeyPem,
  };
}

export function newRefreshToken(random: Random): string {
  return `5Aep861${randomText(random, ALPHABET, 80)}`;
}
