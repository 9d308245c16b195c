// @ts-nocheck Runs in the page, whose names the checker of this folder does not know.
/** One who presses the page's own buttons as fast as it answers; nothing of a visit is kept after it. */
{
  const GIVEN_UP_MS = 20_000
  let panel = document.querySelector('#panel')

  const nameOf = (button) => {
    const told = button.getAttribute('aria-label')
    if (told !== null) return told
    const ids = button.getAttribute('aria-labelledby')
    const named = ids === null ? [button] : ids.split(' ').map((id) => document.getElementById(id))
    return named
      .map((node) => node?.textContent ?? '')
      .join(' ')
      .trim()
  }
  const buttonNamed = (name) =>
    [...panel.querySelectorAll('button')].find((button) => {
      const called = nameOf(button)
      return called === name || (name.endsWith('…') && called.startsWith(name.slice(0, -1)))
    })
  const stands = ({ view, sees }) =>
    (view === undefined || panel.querySelector(`main[data-view="${view}"] > *`) !== null) &&
    (sees === undefined || panel.textContent.includes(sees))

  /** As soon as `found` gives something, at once or after a change of the page; false when it never does. */
  const until = (found) => {
    const now = found()
    if (now) return Promise.resolve(now)
    const { promise, resolve } = Promise.withResolvers()
    const look = () => {
      const then = found()
      if (then) end(then)
    }
    const observer = new MutationObserver(look)
    const end = (result) => {
      clearTimeout(late)
      observer.disconnect()
      resolve(result)
    }
    const late = setTimeout(() => end(false), GIVEN_UP_MS)
    observer.observe(panel, { subtree: true, childList: true, attributes: true, characterData: true })
    return promise
  }

  /** Steps: a button to press by name, or a page to wait for. Gives null, or the step that could not be taken. */
  globalThis.visit = async (steps) => {
    panel ??= document.querySelector('#panel')
    for (const step of steps) {
      if (step.press === undefined) {
        if (!(await until(() => stands(step)))) return JSON.stringify(step)
        continue
      }
      const button = await until(() => buttonNamed(step.press))
      if (!button) return `${JSON.stringify(step)} on ${panel.querySelector('main')?.dataset.view}`
      button.click()
    }
    return null
  }
}
