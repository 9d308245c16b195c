/** A technician before a device: its own pages at /setup/, touched as a panel is, with the touches counted. */
import type { Locator } from 'playwright-core'
import type { SetupState } from '../../../device/http/contract.ts'
import { PIN, type Running, type RunningOptions, runDevice } from '../../device/technician/support/running.ts'
import { padScreen } from '../chromium.ts'
import { fingerOn, openTouchScreen, type TouchScreen } from './screen.ts'

export interface SetupBench extends TouchScreen {
  device: Running
  /** Of a finger, without what is typed by keys on the panel. */
  touches(): number
  /** A button of the page, not of the keys. */
  touch(name: string | RegExp): Promise<void>
  /** Within one part of the page, by its selector. */
  touchIn(part: string, name: string | RegExp): Promise<void>
  /** A touch into its field, the text, and the key that ends it; `open`: its keys are there already. */
  type(label: string, text: string, open?: 'open'): Promise<void>
  /** The same, key by key on the panel. */
  typeByKeys(label: string, text: string, open?: 'open'): Promise<void>
  /** On the number pad of the PIN. */
  enterPin(pin?: string): Promise<void>
  until(fits: (state: SetupState) => boolean): Promise<SetupState>
}

/** @param options `folder`: one that was set up before */
export async function openSetup(
  parts: AsyncDisposableStack,
  options: RunningOptions = {},
): Promise<SetupBench> {
  const device = await runDevice(parts, options)
  const screen = await openTouchScreen(`${device.origin}/`, padScreen)
  parts.defer(() => screen.close())
  return setupOn(device, screen)
}

const setupOn = (device: Running, screen: TouchScreen): SetupBench => {
  const { page } = screen
  const finger = fingerOn(page)
  let touches = 0
  const tap = async (one: Locator): Promise<void> => {
    touches += 1
    await one.waitFor()
    // Where it is touched is where it stands then.
    await one.scrollIntoViewIfNeeded()
    await finger.tap(one)
  }
  const touch = (name: string | RegExp): Promise<void> => tap(screen.button(name))
  const field = (label: string) =>
    page.locator('.text-field').filter({ has: page.getByText(label, { exact: true }) })
  const sheetOf = async (label: string, open: 'open' | undefined): Promise<Locator> => {
    const sheet = page.getByRole('dialog', { name: label })
    if (open === undefined) {
      await tap(field(label).locator('input'))
    }
    await sheet.waitFor()
    return sheet
  }
  const end = async (sheet: Locator): Promise<void> => {
    await sheet.getByRole('button', { name: /^(确定|完成|OK|Done)$/ }).tap()
    await sheet.waitFor({ state: 'detached' })
  }
  return {
    ...screen,
    device,
    touches: () => touches,
    touch,
    touchIn: (part, name) =>
      tap(
        page
          .locator(part)
          .getByRole('button', { name, exact: typeof name === 'string' })
          .first(),
      ),
    async type(label, text, open) {
      const sheet = await sheetOf(label, open)
      await field(label).locator('input').fill(text)
      await end(sheet)
    },
    async typeByKeys(label, text, open) {
      const sheet = await sheetOf(label, open)
      for (const key of text) await sheet.getByRole('button', { name: key, exact: true }).tap()
      await end(sheet)
    },
    async enterPin(pin = PIN) {
      for (const digit of pin) {
        touches += 1
        await page.getByRole('button', { name: digit, exact: true }).tap()
      }
      touches += 1
      await page.getByRole('button', { name: /^(确定|OK)$/ }).tap()
    },
    until: device.until,
  }
}
