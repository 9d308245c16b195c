import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { doctor, type Said } from '../../../../device/technician/doctor/command.ts'
import type { Machine } from '../../../../drivers/discovery/machine.ts'

export type Peripherals = Record<string, Record<string, unknown>>

/** A device.json that binds these; the rest of it is in order. */
export function deviceJsonWith(peripherals: Peripherals): string {
  const folder = mkdtempSync(join(tmpdir(), 'doctor-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'device.json')
  writeFileSync(
    file,
    JSON.stringify({
      role: 'terminal',
      device: { name: 'night terminal' },
      hall: { url: 'https://hall.example' },
      peripherals,
    }),
  )
  return file
}

/** Where a packaged device has its command, so that it is printed as `window24`. */
const INSTALLED = '/usr/bin/window24'

/** One run of the command on that machine, with what it said. */
export function visit(machine: Machine, args: string[], script = INSTALLED): Promise<Said> {
  return doctor(args, script, machine)
}

/** The same visit in both languages. */
export async function visits(machine: Machine, args: string[]): Promise<{ zh: Said; en: Said }> {
  return {
    zh: await visit(machine, [...args, '--lang', 'zh']),
    en: await visit(machine, [...args, '--lang', 'en']),
  }
}

interface JsonFinding {
  id: string
  severity: string
  subject: { kind: string; name?: string }
}

/** `severity id` of each finding, in order. */
export async function findings(machine: Machine, args: string[]): Promise<string[]> {
  const { text } = await visit(machine, [...args, '--json'])
  const report = JSON.parse(text) as { findings: JsonFinding[] }
  return report.findings.map(({ severity, id }) => `${severity} ${id}`)
}
