/** `window24 hall devices`: the fleet at one glance. */
import { type FleetDevice, fleetOf } from '../fleet.ts'
import { faultInWords } from '../fleet-words.ts'
import { inColumns, minute } from './columns.ts'
import { DONE, defineCommand } from './command.ts'
import { withStore } from './open.ts'

const HEADING = ['device', 'name', 'window', 'role', 'last heard', 'backlog', 'software', 'alarms']

export const devices = defineCommand({
  help: `  window24 hall devices --data DIR [--json]
      every device: its window, when it was last heard, what it has not sent yet, and what is wrong with it:
      clone (two machines with one identity), fork (two chains), silent (over three minutes), never-heard,
      clock, peripheral; below, what each device tells of itself: what is wrong, since when, what it stops
      --json   one JSON line each, with the whole last status
`,
  options: { json: { type: 'boolean' } },
  async run({ hall, values: { json = false } }) {
    return await withStore(hall, async (store) => {
      const fleet = await fleetOf(store, new Date())
      if (json) for (const one of fleet) process.stdout.write(`${JSON.stringify(asJson(one))}\n`)
      else if (fleet.length === 0)
        process.stdout.write('no device was ever enrolled here: make a code with "window24 hall enrol"\n')
      else process.stdout.write(inColumns([HEADING, ...fleet.map(row)]) + whatIsWrong(fleet))
      return DONE
    })
  },
})

function row({ device, lastHeardAt, status, alarms }: FleetDevice): string[] {
  const { deviceId, name, window, role, software, revokedAt } = device
  return [
    deviceId,
    name,
    window ?? '',
    role,
    lastHeardAt === null ? 'never' : minute(lastHeardAt),
    status === null ? '' : String(status.backlog),
    status?.software ?? software,
    revokedAt === null ? alarms.join(' ') : `revoked ${minute(revokedAt)}`,
  ]
}

/** Of a device that was revoked nobody wants to know it any more. */
function whatIsWrong(fleet: readonly FleetDevice[]): string {
  const rows = fleet
    .filter(({ device }) => device.revokedAt === null)
    .flatMap(({ device, status }) =>
      (status?.faults ?? []).map((fault) => [device.deviceId, ...faultInWords(fault)]),
    )
  return rows.length === 0 ? '' : `\n${inColumns([['device', 'what is wrong', 'since', 'stops'], ...rows])}`
}

function asJson({ device, lastHeardAt, status, alarms }: FleetDevice): object {
  const { deviceId, name, window, role, enrolledAt, revokedAt } = device
  return { deviceId, name, window, role, enrolledAt, revokedAt, lastHeardAt, alarms, status }
}
