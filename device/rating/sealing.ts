import type { Identity } from '../../sync/identity.ts'
import { type Sealable, type SealedUser, seal } from '../../sync/protocol/sealing.ts'

/**
 * Seals for the hall alone who was asked, or what was said (PROTOCOLS.md §1.2).
 * @throws Error before enrolment, when nobody is asked anything
 */
export const sealForRating = async (
  identity: Identity,
  content: { user: Sealable<SealedUser> } | { text: Sealable<string> },
): Promise<string> => {
  const { deviceId, sealingKey } = identity
  if (deviceId === null || sealingKey === null)
    throw new Error('a device without a hall has nobody to seal for')
  return await seal({ purpose: 'rating', device: deviceId, ...content }, sealingKey, new Date())
}
