import { discover, type Facts } from '../../../drivers/discovery/discovery.ts'
import { type Machine, THIS_MACHINE } from '../../../drivers/discovery/machine.ts'
import { accountsOf, judgedUser } from '../../../drivers/discovery/user.ts'
import { parsePort } from '../../../drivers/transport/port.ts'

/** What there is to know of a machine, as its command gathers it. */
export async function factsOf(
  machine: Machine = THIS_MACHINE,
  ports: readonly string[] = [],
  userName?: string,
): Promise<Facts> {
  const accounts = await accountsOf(machine)
  const user = judgedUser(accounts, userName)
  if (user === null) throw new Error(`no user ${userName}`)
  const parsed = ports.map((port) => {
    const read = parsePort(port)
    if (!read.ok) throw new Error(read.fault)
    return read.port
  })
  return discover(machine, user, accounts, parsed)
}
