import { BY_ITSELF, type CodeTable } from './code.ts';

const CERTIFICATE =
  'a company proxy that opens TLS has to leave these hosts alone, or its certificate goes into NODE_EXTRA_CA_CERTS';

/** Of Node and the HTTP client: no answer came (salesforce.md §7). */
export const NETWORK_CODES: CodeTable = {
  ENOTFOUND: ['the host name is not known', 'correct the base URL, or the DNS of this machine'],
  EAI_AGAIN: ['the name server does not answer', 'see the DNS of this machine; the connector tries again'],
  ECONNREFUSED: ['nobody listens at this address', 'correct the base URL, or let the firewall allow it'],
  EHOSTUNREACH: ['there is no way to the host', 'see the network of this machine'],
  ENETUNREACH: ['there is no way to the network', 'see the network of this machine'],
  UND_ERR_CONNECT_TIMEOUT: [
    'the connection was not accepted within 10 seconds',
    'let the firewall allow outgoing https to the vendors',
  ],
  UND_ERR_HEADERS_TIMEOUT: ['no answer came within 30 seconds', BY_ITSELF],
  UND_ERR_BODY_TIMEOUT: ['the answer stopped half way', BY_ITSELF],
  UND_ERR_SOCKET: ['the connection was closed', BY_ITSELF],
  ECONNRESET: ['the connection was cut', BY_ITSELF],
  ETIMEDOUT: ['the connection timed out', BY_ITSELF],
  CERT_HAS_EXPIRED: ['the certificate has expired, or the clock of this machine is wrong', CERTIFICATE],
  SELF_SIGNED_CERT_IN_CHAIN: ['the certificate is not one of the vendor', CERTIFICATE],
  DEPTH_ZERO_SELF_SIGNED_CERT: ['the certificate is not one of the vendor', CERTIFICATE],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: ['the certificate cannot be verified', CERTIFICATE],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: ['the certificate cannot be verified', CERTIFICATE],
};
