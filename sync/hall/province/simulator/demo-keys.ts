/** The keys that a simulated province and a hall on somebody's desk share. They are no secret and open nothing. */

import { sm2 } from 'sm-crypto-v2'
import { Credentials } from '../signing.ts'
import type { ProvinceKeys } from './receive.ts'

export const DEMO_PROVINCE = {
  appKey: 'window24-demo',
  secret: 'not-a-secret',
  privateKey: '57696e646f7732340000000000000000000000000000000000000000000000a1',
  encryptionKey: '57696e646f7732340000000000000001',
} as const

export function demoProvinceKeys(): ProvinceKeys {
  return {
    credentials: new Credentials(DEMO_PROVINCE),
    publicKey: sm2.getPublicKeyFromPrivateKey(DEMO_PROVINCE.privateKey),
  }
}
