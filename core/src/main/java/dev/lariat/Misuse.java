package dev.lariat;

import dev.lariat.host.Host;
import java.time.Duration;

/** The errors that tell a caller what is wrong with the call, and what to do instead. */
final class Misuse {
  private Misuse() {}

  static IllegalStateException wrongThread(Thread loopThread) {
    return new IllegalStateException(
        "Called from thread \""
            + Thread.currentThread().getName()
            + "\", but this event loop runs on thread \""
            + loopThread.getName()
            + "\". From another thread use loop.callSoonThreadsafe(...) or"
            + " Asyncio.runCoroutineThreadsafe(coroutine, loop).");
  }

  static IllegalStateException movedLoop(Thread before, Thread now) {
    return new IllegalStateException(
        "This event loop has tasks that are suspended on thread \""
            + before.getName()
            + "\": it cannot go on on thread \""
            + now.getName()
            + "\". Run it on the first thread again, or end its tasks before.");
  }

  static IllegalStateException notHostThread(Host host) {
    return new IllegalStateException(
        "This event loop is a guest on "
            + host
            + ", and can only be run on the thread of that, not on \""
            + Thread.currentThread().getName()
            + "\".");
  }

  static IllegalStateException onNestedLoop(String method) {
    return new IllegalStateException(
        "Cannot await here: a nested main loop, of a modal dialog say, is on the stack ("
            + method
            + "). Start a task in the callback with createTask(...) instead of awaiting in it.");
  }

  static IllegalStateException noGuest() {
    return new IllegalStateException(
        "This event loop is no guest: it has no toolkit's main loop to live on."
            + " Make it with new EventLoop(host).");
  }

  static IllegalStateException closed() {
    return new IllegalStateException("Event loop is closed");
  }

  static IllegalStateException closing() {
    return new IllegalStateException(
        "Cannot await while the event loop closes: a finally block of a task that was still"
            + " suspended can only do what needs no waiting");
  }

  static IllegalStateException awaitsItself(Task<?> task) {
    return new IllegalStateException("Task cannot await on itself: " + task);
  }

  static IllegalStateException otherLoop(Task<?> task, Future<?> future) {
    return new IllegalStateException(
        task
            + " got "
            + future
            + ", which is attached to a different loop;"
            + " use Asyncio.runCoroutineThreadsafe and await its result");
  }

  static IllegalStateException noRunningLoop() {
    return new IllegalStateException(
        "No running event loop in thread \""
            + Thread.currentThread().getName()
            + "\". Start one with Asyncio.run(...), or call this from a task or callback of a loop.");
  }

  static IllegalStateException noTask() {
    return new IllegalStateException(
        "Cannot await outside a task: this is a plain callback of the loop."
            + " Start a task in it with createTask(...), or add a done callback.");
  }

  static IllegalArgumentException negative(String what, Duration value) {
    return new IllegalArgumentException(what + " must not be negative: " + value);
  }
}
