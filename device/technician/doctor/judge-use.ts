/** Judges who may use a node, and who does: the same for ports that are bound and for those that are not. */
import type { Access } from '../../../drivers/discovery/access.ts'
import type { Facts } from '../../../drivers/discovery/discovery.ts'
import type { Holder } from '../../../drivers/discovery/processes.ts'
import type { Finding, Severity, Subject } from './findings.ts'

export const judgeRights = (
  { user }: Facts,
  subject: Subject,
  path: string,
  access: Access,
  severity: Severity,
): Finding[] => {
  if (!access.allowed) {
    const groupAtNextLogin = user.groupsAtNextLogin.includes(access.group)
    return [{ severity, subject, id: 'port-forbidden', path, user: user.name, access, groupAtNextLogin }]
  }
  // Root may do anything: what matters is whether anybody else could.
  return user.uid === 0 && access.rootOnly
    ? [{ severity: 'warning', subject, id: 'port-root-only', path, access }]
    : []
}

/** One device of this product may hold a port; anybody else, or two of them, is one too many. */
export const judgeHolders = (
  subject: Subject,
  path: string,
  holders: readonly Holder[],
  severity: Severity,
): Finding[] => {
  const strangers = holders.filter((holder) => !holder.window24)
  const inTheWay = strangers.length > 0 ? strangers : holders.length > 1 ? holders : []
  return inTheWay.length > 0 ? [{ severity, subject, id: 'port-held', path, holders: inTheWay }] : []
}
