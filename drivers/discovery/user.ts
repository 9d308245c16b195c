import { join } from 'node:path'
import { type Machine, textOf } from './machine.ts'

/** For whom permissions are judged. */
export interface User {
  name: string
  uid: number
  gids: readonly number[]
  /** Groups that the account lists and this process lacks: they begin to count at the next login. */
  groupsAtNextLogin: readonly string[]
  /** Whether this process runs as that user, so that the kernel itself can be asked. */
  here: boolean
}

/** The account that a packaged device runs as; a technician at its cabinet is root, and judges for it. */
const SERVICE_ACCOUNT = 'window24'

interface Group {
  name: string
  gid: number
  members: readonly string[]
}

/** `passwd` and `group` as passwd(5) and group(5) write them. */
export interface Accounts {
  users: readonly { name: string; uid: number; gid: number }[]
  groups: readonly Group[]
}

export async function accountsOf(machine: Machine): Promise<Accounts> {
  const [passwd, group] = await Promise.all([
    textOf(join(machine.etc, 'passwd')),
    textOf(join(machine.etc, 'group')),
  ])
  return {
    users: fieldsOf(passwd).map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) })),
    groups: fieldsOf(group).map(([name = '', , gid, members = '']) => ({
      name,
      gid: Number(gid),
      members: members.split(',').filter((member) => member !== ''),
    })),
  }
}

/**
 * The user whose rights are judged: the named one; otherwise whoever runs this, except that root stands in for
 * the service account where there is one. null when no account has that name.
 */
export function judgedUser(accounts: Accounts, name: string | undefined): User | null {
  const uid = process.getuid?.() ?? 0
  const wanted = name ?? (uid === 0 ? SERVICE_ACCOUNT : undefined)
  const account = accounts.users.find((one) => one.name === wanted)
  if (account !== undefined && account.uid !== uid) {
    const gids = [account.gid, ...groupsListing(accounts, account.name).map((group) => group.gid)]
    return { name: account.name, uid: account.uid, gids, groupsAtNextLogin: [], here: false }
  }
  if (account === undefined && name !== undefined) return null
  const own = accounts.users.find((one) => one.uid === uid)?.name ?? String(uid)
  const gids = [process.getgid?.() ?? 0, ...(process.getgroups?.() ?? [])]
  const missing = groupsListing(accounts, own).filter((group) => !gids.includes(group.gid))
  return { name: own, uid, gids, groupsAtNextLogin: missing.map((group) => group.name), here: true }
}

function groupsListing(accounts: Accounts, user: string): readonly Group[] {
  return accounts.groups.filter((group) => group.members.includes(user))
}

function fieldsOf(file: string | null): string[][] {
  return (file ?? '')
    .split('\n')
    .filter((line) => line.includes(':'))
    .map((line) => line.split(':'))
}
