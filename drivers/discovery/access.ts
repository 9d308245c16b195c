import { constants, type Stats } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import type { Accounts, User } from './user.ts'

/** Who may use a device node, or a folder. */
export interface Access {
  /** Whether the judged user may read and write. */
  allowed: boolean
  /** Nobody but root may: it works on the bench and not in the hall (field row 12). */
  rootOnly: boolean
  owner: string
  group: string
  /** Permission bits, as in 0o660. */
  mode: number
}

const READ_WRITE = 0o6

/** null when there is nothing at that path. */
export async function accessTo(path: string, user: User, accounts: Accounts): Promise<Access | null> {
  let node: Stats
  try {
    node = await stat(path)
  } catch {
    return null
  }
  return {
    allowed: await isAllowed(path, node, user),
    rootOnly: isRootOnly(node),
    owner: accounts.users.find((one) => one.uid === node.uid)?.name ?? String(node.uid),
    group: accounts.groups.find((one) => one.gid === node.gid)?.name ?? String(node.gid),
    mode: node.mode & 0o777,
  }
}

/** The kernel's own word where it can be had, for it knows access lists too; the mode bits for anybody else. */
async function isAllowed(path: string, node: Stats, user: User): Promise<boolean> {
  if (user.here) {
    try {
      await access(path, constants.R_OK | constants.W_OK)
      return true
    } catch {
      return false
    }
  }
  if (user.uid === 0) return true
  if (node.uid === user.uid) return grants(node.mode >> 6)
  if (user.gids.includes(node.gid)) return grants(node.mode >> 3)
  return grants(node.mode)
}

function isRootOnly(node: Stats): boolean {
  const byOwner = node.uid !== 0 && grants(node.mode >> 6)
  const byGroup = node.gid !== 0 && grants(node.mode >> 3)
  return !byOwner && !byGroup && !grants(node.mode)
}

function grants(bits: number): boolean {
  return (bits & READ_WRITE) === READ_WRITE
}
