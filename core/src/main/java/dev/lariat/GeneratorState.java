package dev.lariat;

import dev.lariat.internal.Failures;
import dev.lariat.internal.Unchecked;
import dev.lariat.internal.coroutine.Coprocess;
import dev.lariat.internal.coroutine.HeldMonitors;
import org.jspecify.annotations.Nullable;

/**
 * What an {@link AsyncGenerator} is inside. Apart from it, so that it can be closed when that is
 * collected.
 */
final class GeneratorState<T extends @Nullable Object> implements AsyncGenerator.Yielder<T> {
  private final AsyncGenerator.Body<T> body;
  private final Coprocess process = new Coprocess(this::runBody);
  private @Nullable T value;
  private @Nullable Throwable failure;
  private boolean used;
  private boolean running;

  /** Who asked for the value that is being made: the only one the body runs in. */
  private @Nullable Task<?> stepper;

  private boolean ended;
  private boolean closing;

  /** Removes this from the loop's list. */
  Runnable onEnd = () -> {};

  GeneratorState(AsyncGenerator.Body<T> body) {
    this.body = body;
  }

  boolean firstUse() {
    boolean first = !used;
    used = true;
    return first;
  }

  boolean advance() {
    if (ended) {
      return false;
    }
    step();
    return !ended;
  }

  T current() {
    return Unchecked.cast(value);
  }

  void close() {
    if (ended) {
      return;
    }
    if (!used || !process.started()) {
      used = true;
      end();
      return;
    }
    checkNotRunning();
    closing = true;
    step();
    if (!ended) {
      end();
      throw new IllegalStateException("async generator ignored GeneratorExit: it yielded again");
    }
  }

  private void step() {
    checkNotRunning();
    stepper = EventLoop.requireRunning().scheduler.current;
    running = true;
    try {
      process.resume();
    } finally {
      running = false;
      if (process.done()) {
        end();
      }
    }
    Throwable error = failure;
    if (error != null) {
      failure = null;
      throw Failures.<RuntimeException>sneak(error);
    }
  }

  private void checkNotRunning() {
    if (running) {
      throw new IllegalStateException(
          "the asynchronous generator is already running, in another task");
    }
  }

  private void end() {
    ended = true;
    value = null;
    onEnd.run();
  }

  private void runBody() {
    try {
      body.run(this);
    } catch (GeneratorExit closed) {
      if (!closing) {
        failure = closed;
      }
    } catch (Throwable error) {
      failure = error;
    }
  }

  @Override
  public void yield(T next) {
    Scheduler scheduler = EventLoop.requireRunning().scheduler;
    if (scheduler.current != stepper) {
      throw new IllegalStateException("yield was called outside the body of its generator");
    }
    if (scheduler.debug) {
      HeldMonitors.checkGenerator();
    }
    value = next;
    process.yieldToResumer();
    if (closing) {
      throw new GeneratorExit();
    }
  }
}
