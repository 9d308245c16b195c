import { constants, type Stats } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { linkOf } from './machine.ts'
import type { Accounts, User } from './user.ts'

/** Who may use a device node, or a folder. */
export interface Access {
  /** Whether the judged user may read and write. */
  allowed: boolean
  /** Nobody but root may: it works on the bench and not in the hall (field row 12). */
  rootOnly: boolean
  /** What decides it, and whose owner, group and mode follow: the path itself, or a folder above it that is closed. */
  decidedBy: string
  owner: string
  group: string
  /** Permission bits, as in 0o660. */
  mode: number
}

const READ_WRITE = 0o6
const SEARCH = 0o1

/** As many as the kernel follows for one path (Linux, MAXSYMLINKS). */
const LINKS_AT_MOST = 40

/** null when there is nothing at that path. */
export async function accessTo(path: string, user: User, accounts: Accounts): Promise<Access | null> {
  const closed = await closedFolderAbove(path, user)
  if (closed !== null) return { allowed: false, ...describe(closed.path, closed.folder, SEARCH, accounts) }
  const node = await statOf(path)
  if (node === null) return null
  const allowed = await may(user, path, node, constants.R_OK | constants.W_OK, READ_WRITE)
  return { allowed, ...describe(path, node, READ_WRITE, accounts) }
}

/** The first folder that the user may not go through, on the way to the path and to whatever its links lead to. */
async function closedFolderAbove(
  path: string,
  user: User,
  links = LINKS_AT_MOST,
): Promise<{ path: string; folder: Stats } | null> {
  for (const step of [...foldersAbove(path), path]) {
    const link = links > 0 ? await linkOf(step) : null
    const closed = link && (await closedFolderAbove(resolve(dirname(step), link), user, links - 1))
    if (closed) return closed
    if (step === path) return null
    const folder = await statOf(step)
    if (folder === null) return null
    if (!(await may(user, step, folder, constants.X_OK, SEARCH))) return { path: step, folder }
  }
  return null
}

function foldersAbove(path: string): string[] {
  const above = dirname(path)
  return above === path ? [] : [...foldersAbove(above), above]
}

/** The kernel's own word where it can be had, for it knows access lists too; the mode bits for anybody else. */
async function may(user: User, path: string, node: Stats, asked: number, bits: number): Promise<boolean> {
  if (user.here) {
    try {
      await access(path, asked)
      return true
    } catch {
      return false
    }
  }
  if (user.uid === 0) return true
  if (node.uid === user.uid) return grants(node.mode >> 6, bits)
  if (user.gids.includes(node.gid)) return grants(node.mode >> 3, bits)
  return grants(node.mode, bits)
}

function describe(decidedBy: string, node: Stats, bits: number, accounts: Accounts): Omit<Access, 'allowed'> {
  const byOwner = node.uid !== 0 && grants(node.mode >> 6, bits)
  const byGroup = node.gid !== 0 && grants(node.mode >> 3, bits)
  return {
    rootOnly: !byOwner && !byGroup && !grants(node.mode, bits),
    decidedBy,
    owner: accounts.users.find((one) => one.uid === node.uid)?.name ?? String(node.uid),
    group: accounts.groups.find((one) => one.gid === node.gid)?.name ?? String(node.gid),
    mode: node.mode & 0o777,
  }
}

async function statOf(path: string): Promise<Stats | null> {
  try {
    return await stat(path)
  } catch {
    return null
  }
}

function grants(mode: number, bits: number): boolean {
  return (mode & bits) === bits
}
