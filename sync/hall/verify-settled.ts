/**
 * Forks that people have dealt with (PROTOCOLS.md §1.3: "revoke and enrol again"). Only a chain that the hall refused
 * as another's, from an identity that it saw two machines run with, can be settled. A stored text that was altered, a
 * link that does not hold, a stored event that is not the one the device told of: never. Nor is a refused chain by
 * itself a second sender: who forges the last stored event has the very device that made it refused.
 */
import type { ChainHead, StoredDevice } from './store/store.ts'
import type { ChainFault } from './verify.ts'

/** Who came in its place: the same key, or the same role at the same place, enrolled after it was revoked. */
export function successorOf(device: StoredDevice, devices: readonly StoredDevice[]): StoredDevice | null {
  const { revokedAt } = device
  if (revokedAt === null) return null
  const later = devices.filter(
    (other) => other.deviceId !== device.deviceId && other.enrolledAt.getTime() >= revokedAt.getTime(),
  )
  const samePlace = (other: StoredDevice): boolean =>
    other.role === device.role &&
    (device.window === null ? other.name === device.name : other.window === device.window)
  return later.find((other) => other.thumbprint === device.thumbprint) ?? later.find(samePlace) ?? null
}

export interface Settled {
  of: ChainFault
  /** The same fault with what became of it. */
  told: ChainFault
}

export function settledForks(chain: {
  faults: readonly ChainFault[]
  heads: readonly ChainHead[]
  revokedAt: Date | null
  successor: StoredDevice
  /** When two machines were seen with this identity. */
  cloneSeenAt: Date | null
}): Settled[] {
  const { faults, heads, revokedAt, successor, cloneSeenAt } = chain
  if (cloneSeenAt === null) return []
  return faults.filter(seenBefore).map((of) => {
    const detail = `${of.detail}; settled: revoked ${revokedAt?.toISOString()}, then enrolled as ${successor.deviceId}`
    return { of, told: { ...of, detail } }
  })

  function seenBefore({ epoch, ofSenders }: ChainFault): boolean {
    if (ofSenders !== true) return false
    const forkedAt = heads.find((head) => head.epoch === epoch)?.forkedAt ?? null
    return forkedAt !== null && revokedAt !== null && forkedAt.getTime() <= revokedAt.getTime()
  }
}
