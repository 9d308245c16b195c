/** Room `device`: whose it is and where it stands, its hall, its screen; the first run; restart and retire. */
import { type HallTrust, readAuthorities } from '../../../sync/hall-trust.ts'
import { type Identity, loadIdentity } from '../../../sync/identity.ts'
import type { Configuration } from '../../configuration.ts'
import type { DeviceAction, DeviceState, FirstRunStep, HallCheck } from '../../http/contract.ts'
import { SOFTWARE } from '../../software.ts'
import { DONE, refuse, type SetupAnswer, type SetupRoom, type Workshop } from '../workshop.ts'
import { changed, firstConfiguration, WINDOW_PART } from './edits.ts'
import { checkHall, NOT_TRIED } from './hall-check.ts'
import type { Authority } from './hall-reach.ts'
import { type FirstRun, type Kept, NEW_FIRST_RUN, readKept, writeKept } from './kept.ts'
import { readTypedHall } from './typed-hall.ts'

const STEPS: readonly FirstRunStep[] = ['name', 'hall', 'role', 'peripherals', 'screen', 'report']

/** As device.json takes them (device/configuration.ts). */
const DIAGONAL_INCHES = { least: 5, most: 100 } as const

export type DeviceRoom = SetupRoom<DeviceState, DeviceAction>

export const openDeviceRoom = (workshop: Workshop): DeviceRoom => {
  const { dataDir } = workshop
  let kept = readKept(dataDir, workshop.written() !== null)
  let check: HallCheck = NOT_TRIED
  let checking: Promise<void> | null = null
  /** Whom the last check has met and does not trust, at that address. */
  let met: (Authority & { url: string }) | null = null
  /** Counts what was asked of the hall, so that an older answer is not put above a newer question. */
  let asked = 0
  let closed = false

  const keep = (next: Kept): void => {
    writeKept(dataDir, next)
    kept = next
  }
  /** Null once it is over, with a configuration that has faults too; a device that was retired begins another. */
  const firstRun = (): FirstRun | null =>
    workshop.written() === null ? (kept.firstRun ?? NEW_FIRST_RUN) : kept.firstRun
  const keepFirstRun = (part: Partial<FirstRun>): void => {
    const first = firstRun()
    if (first !== null) keep({ ...kept, firstRun: { ...first, ...part } })
  }

  /** What was done by itself leads on; whoever has come back to an earlier step stays there. */
  const onwardFrom = (step: FirstRunStep): void => {
    const first = firstRun()
    if (first === null || first.step !== step) return
    const next = STEPS[STEPS.indexOf(step) + 1]
    if (next !== undefined) keepFirstRun({ step: next })
  }

  const hallOf = (): { url: string | null; code: string | null; trust: HallTrust | null } => {
    const configuration = workshop.configuration()
    if (configuration === null) {
      const first = firstRun()
      const ca = first?.ca ?? null
      const trust = ca === null ? null : { ca: readAuthorities(ca), pins: [] }
      return { url: first?.url ?? null, code: first?.enrolmentCode ?? null, trust }
    }
    const { url, enrolmentCode, ca, pin } = configuration.hall
    const trust = ca === null && pin === null ? null : { ca, pins: pin ?? [] }
    return { url, code: enrolmentCode, trust }
  }

  /** The device's own while one runs: two that wrote to one file would forget what the other has learned. */
  const identity = (): Identity => workshop.device()?.identity ?? loadIdentity(dataDir)

  const startCheck = (): void => {
    const { url, code, trust } = hallOf()
    asked += 1
    const mine = asked
    if (url === null || closed) return
    const configuration = workshop.configuration()
    const put = (next: HallCheck): void => {
      if (mine !== asked || closed) return
      check = next
      workshop.onChange()
    }
    met = null
    put({ ...NOT_TRIED, state: 'trying' })
    const enrolment =
      configuration === null
        ? null
        : {
            code,
            role: configuration.role,
            name: configuration.device.name,
            window: configuration.device.window,
          }
    const onAuthority = (authority: Authority): void => {
      if (mine === asked) met = { ...authority, url }
    }
    checking = checkHall({ url, trust, identity: identity(), enrolment }, put, onAuthority)
      .then((ended) => {
        // Whoever has no code yet stays where it is asked for.
        const isKnown = code !== null || identity().deviceId !== null
        if (ended.state === 'good' && isKnown && mine === asked) onwardFrom('hall')
        put(ended)
      })
      .catch((error: unknown) => {
        put(NOT_TRIED)
        workshop.onTrouble(error)
      })
  }

  /** Applied at once where there is a configuration, kept for the step `role` where there is none yet. */
  const change = async (
    edit: Parameters<typeof changed>[1],
    draft: Partial<FirstRun>,
    why: string,
  ): Promise<SetupAnswer> => {
    const written = workshop.written()
    if (workshop.configuration() !== null) {
      const answer = await workshop.apply(changed(written, edit), why)
      if (!answer.ok) return answer
    }
    if (firstRun() !== null) keepFirstRun(draft)
    return DONE
  }

  const setHall = async (typed: string, typedCode: string | null): Promise<SetupAnswer> => {
    const read = readTypedHall(typed, typedCode)
    if (read.refused !== null) return read.refused
    const { url, code } = read
    // A code that was given before stays for the same hall.
    const standing = hallOf()
    const enrolmentCode = code ?? (standing.url === url ? standing.code : null)
    const answer = await change(
      { hall: { url, enrolmentCode } },
      { url, enrolmentCode: workshop.configuration() === null ? enrolmentCode : null },
      'hall',
    )
    if (answer.ok) startCheck()
    return answer
  }

  /** Nobody but whoever has compared the fingerprint knows whose it is: it has to be the one that was shown. */
  const trustHall = async (fingerprint: string): Promise<SetupAnswer> => {
    if (met === null || met.fingerprint !== fingerprint || met.url !== hallOf().url)
      return refuse('authority-changed', 'this is not whom the last check has met: check the hall again')
    const ca = met.pem
    const answer = await change({ ca }, { ca }, 'hall')
    if (answer.ok) startCheck()
    return answer
  }

  const setRole = async (role: 'terminal' | 'pad', window: string | null): Promise<SetupAnswer> => {
    if (role === 'pad' && window === null)
      return refuse('window-missing', 'a pad stands at a window: give its number')
    if (workshop.configuration() !== null) {
      const answer = await workshop.apply(changed(workshop.written(), { role, window }), 'role')
      if (answer.ok) onwardFrom('role')
      if (answer.ok) startCheck()
      return answer
    }
    const first = firstRun()
    if (first?.name == null) return refuse('name-first', 'give the device its name first')
    if (first.url === null) return refuse('hall-first', 'give the address of the hall server first')
    const next = firstConfiguration({
      role,
      window,
      name: first.name,
      url: first.url,
      enrolmentCode: first.enrolmentCode,
      ca: first.ca,
      listen: workshop.listen(),
      diagonalInches: kept.panel?.diagonalInches ?? null,
    })
    let answer = await workshop.apply(next, 'first-run')
    // Another program has the clerks' port: the pad works without its page for clerks all the same.
    if (answer.code === 'port-taken' && WINDOW_PART in next) {
      const { [WINDOW_PART]: _, ...without } = next
      answer = await workshop.apply(without, 'first-run')
    }
    if (!answer.ok) return answer
    // From here on it stands in device.json alone.
    keepFirstRun({ enrolmentCode: null })
    onwardFrom('role')
    startCheck()
    return DONE
  }

  const setScreen = async (action: Extract<DeviceAction, { type: 'screen' }>): Promise<SetupAnswer> => {
    const { diagonalInches, widthPx, heightPx } = action
    const { least, most } = DIAGONAL_INCHES
    if (!(diagonalInches >= least && diagonalInches <= most))
      return refuse('diagonal', `a panel has a diagonal of ${least} to ${most} inches`)
    if (workshop.configuration()?.screen.diagonalInches !== diagonalInches) {
      const answer = await change({ diagonalInches }, {}, 'screen')
      if (!answer.ok) return answer
    }
    keep({ ...kept, firstRun: firstRun(), panel: { diagonalInches, widthPx, heightPx } })
    onwardFrom('screen')
    return DONE
  }

  const setStep = (step: FirstRunStep): SetupAnswer => {
    const first = firstRun()
    if (first === null) return refuse('no-first-run', 'the first run is over; everything is in its room now')
    const passed =
      STEPS.indexOf(step) > STEPS.indexOf(first.step) && !first.passed.includes(first.step)
        ? [...first.passed, first.step]
        : first.passed
    keepFirstRun({ step, passed })
    return DONE
  }

  const retire = async (name: string, loseUnsent: boolean): Promise<SetupAnswer> => {
    const configuration = workshop.configuration()
    if (configuration === null)
      return refuse('nothing-to-retire', 'nothing is set up on this device; there is nothing to forget')
    if (name !== configuration.device.name)
      return refuse('name-differs', 'the name is not the one of this device; nothing was forgotten')
    return await workshop.retire(loseUnsent)
  }

  const stepsDone = (first: FirstRun, configuration: Configuration | null): FirstRunStep[] => {
    const url = configuration?.hall.url ?? first.url
    const done: Record<FirstRunStep, boolean> = {
      name: (configuration?.device.name ?? first.name) !== null,
      hall: url !== null,
      role: configuration !== null,
      peripherals: first.passed.includes('peripherals'),
      screen: kept.panel !== null,
      report: false,
    }
    return STEPS.filter((step) => done[step])
  }

  return {
    state() {
      const configuration = workshop.configuration()
      const device = workshop.device()
      const first = firstRun()
      const { url, code } = hallOf()
      const deviceId = device?.identity.deviceId ?? null
      return {
        firstRun: first === null ? null : { step: first.step, done: stepsDone(first, configuration) },
        name: configuration?.device.name ?? first?.name ?? null,
        role: configuration?.role ?? null,
        window: configuration?.device.window ?? null,
        hall: { url, code: code !== null && deviceId === null, check, deviceId },
        screen: {
          diagonalInches: configuration?.screen.diagonalInches ?? kept.panel?.diagonalInches ?? null,
          widthPx: kept.panel?.widthPx ?? null,
          heightPx: kept.panel?.heightPx ?? null,
        },
        software: {
          window24: SOFTWARE,
          node: process.versions.node,
          content: device?.contentVersion() ?? null,
          settings: device?.settingsVersion() ?? null,
        },
        runs: device !== null,
        since: device?.startedAt ?? null,
      }
    },
    async act(action) {
      switch (action.type) {
        case 'name': {
          const answer = await change({ name: action.name }, { name: action.name }, 'name')
          if (answer.ok) onwardFrom('name')
          return answer
        }
        case 'hall':
          return await setHall(action.url, action.enrolmentCode)
        case 'check-hall':
          if (hallOf().url === null) return refuse('hall-first', 'give the address of the hall server first')
          startCheck()
          return DONE
        case 'trust-hall':
          return await trustHall(action.fingerprint)
        case 'role':
          return await setRole(action.role, action.window)
        case 'screen':
          return await setScreen(action)
        case 'step':
          return setStep(action.step)
        case 'end-first-run':
          if (workshop.configuration() === null)
            return refuse('role-first', 'choose what this device is first; it cannot run as nothing')
          keep({ ...kept, firstRun: null })
          return DONE
        case 'restart':
          return await workshop.restart()
        case 'retire':
          return await retire(action.name, action.loseUnsent)
        default:
          return action satisfies never
      }
    },
    async close() {
      closed = true
      await checking
    },
  }
}
