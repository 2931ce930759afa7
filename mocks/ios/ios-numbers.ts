/** The numbers of a simulated iPhone, which `os` of the config may change. */
export interface IosNumbers {
  /**
   * From a push for an app that is not running to its launch (`device.launch` is sent then). Real apps take 1.5 to 4 s until
   * their own code runs; what passes before the launch is not counted against them. Unverified.
   *
   * @default 1500
   */
  readonly coldStartMs: number;
  /**
   * 1: an app that has reported no call when the delegate method of a push returns is terminated at once. 0: only the service's
   * check of `reportServiceMs` is made.
   *
   * @default 1
   */
  readonly delegateReturnCheck: number;
  /**
   * How long the system waits for the report of a push, whether or not the delegate method has returned (Apple DTS, forum thread
   * 817976: about seven seconds).
   *
   * @default 7000
   */
  readonly reportServiceMs: number;
  /**
   * After how many unreported pushes the app gets no more of them. That there is such a number is known (forum thread 768136),
   * its value is not, nor whether good pushes are ever set off against bad ones; here they are not. Unverified.
   *
   * @default 3
   */
  readonly unreportedPushLimit: number;
  /**
   * From the creation of an answer action to its `timeoutDate`. Apple documents that there is one, not when; the three values are
   * read off a Mac Catalyst host and unverified on a phone.
   *
   * @default 60_000
   */
  readonly answerActionMs: number;
  /** The same for a start action. Unverified. @default 600_000 */
  readonly startActionMs: number;
  /** The same for end, hold, mute and DTMF. Unverified. @default 5000 */
  readonly otherActionMs: number;
  /** From the fulfilment that asks for audio to the activation of the session; real phones take 50 to 300. @default 100 */
  readonly audioActivationMs: number;
  /**
   * How long an app in the background without a call runs after the last callback before it is suspended. Unverified.
   *
   * @default 30_000
   */
  readonly backgroundExecutionMs: number;
  /** `CXProviderConfiguration.maximumCallGroups`; every call is a group of its own. @default 2 */
  readonly maximumCallGroups: number;
  /**
   * The code of the error a report completes with beyond `maximumCallGroups`. That it fails is known, the code is not. Unverified.
   *
   * @default 0 (unknown)
   */
  readonly groupLimitErrorCode: number;
}

const defaults: IosNumbers = {
  coldStartMs: 1500,
  delegateReturnCheck: 1,
  reportServiceMs: 7000,
  unreportedPushLimit: 3,
  answerActionMs: 60_000,
  startActionMs: 600_000,
  otherActionMs: 5000,
  audioActivationMs: 100,
  backgroundExecutionMs: 30_000,
  maximumCallGroups: 2,
  groupLimitErrorCode: 0,
};

/** The defaults, changed by what `os` of the config names; names of other systems' numbers are ignored. */
export function iosNumbers(os: Readonly<Record<string, number>>): IosNumbers {
  const known = Object.entries(os).filter(([name]) => Object.hasOwn(defaults, name));
  return { ...defaults, ...Object.fromEntries(known) };
}
