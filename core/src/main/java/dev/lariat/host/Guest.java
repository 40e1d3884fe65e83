package dev.lariat.host;

/** What a {@link Host} calls: the event loop that lives on it. */
public interface Guest {
  /**
   * Runs what is ready, within the loop's budget of time; the answer to {@link Host#wake}. Lets no
   * exception out, for below it there may be native frames. <i>Thread</i>: the host's.
   */
  void turn();

  /**
   * {@return whether the host has been asked for a turn that has not begun, or is just being asked}
   * <i>Thread</i>: any.
   */
  boolean isTurnDue();

  /**
   * The answer to {@link Host#wakeAt}: asks for a turn, unless one is on its way. <i>Thread</i>:
   * any.
   */
  void alarm();

  /**
   * {@return when the earliest timer is due, by {@link Host#nanoTime}; Long.MAX_VALUE if there is
   * none} What {@link Host#wakeAt} was told may be earlier, for a timer that is cancelled by now.
   * <i>Thread</i>: the host's.
   */
  long nextDeadline();

  /**
   * Runs one event of the toolkit, outside any task. For hosts that can put this round every event:
   * it makes an await in a plain callback of a nested main loop fail, where otherwise the task
   * beneath would be suspended, and the nested main loop with it. <i>Thread</i>: the host's.
   *
   * @param event handles the event
   */
  void dispatch(Runnable event);

  /**
   * Tells that the main loop has ended for good, and its thread with it. If the loop was living on
   * it still, that is closed; what is suspended is reported as lost, for no other thread can unwind
   * it. <i>Thread</i>: any, once the host's has ended.
   */
  void hostEnded();
}
