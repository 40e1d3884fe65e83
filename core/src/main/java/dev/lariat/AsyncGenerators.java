package dev.lariat;

import java.lang.System.Logger.Level;
import java.lang.ref.Cleaner;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The generators of one loop that have started and not ended. */
final class AsyncGenerators {
  private final EventLoop loop;
  private final Set<GeneratorState<?>> open = ConcurrentHashMap.newKeySet();
  private boolean shutDown;

  AsyncGenerators(EventLoop loop) {
    this.loop = loop;
  }

  void register(AsyncGenerator<?> generator, GeneratorState<?> state) {
    if (shutDown) {
      Diagnostics.log(
          Level.WARNING,
          "An asynchronous generator was started after shutdownAsyncgens(); it will not be closed");
    }
    open.add(state);
    Cleaner.Cleanable cleanable = Diagnostics.cleaner().register(generator, () -> collected(state));
    state.onEnd =
        () -> {
          if (open.remove(state)) {
            cleanable.clean();
          }
        };
  }

  /**
   * Nobody refers to the generator any more: closes it in a task of its own. On the cleaner's
   * thread.
   */
  private void collected(GeneratorState<?> state) {
    if (open.contains(state)) {
      try {
        loop.callSoonThreadsafe(() -> loop.createTask(state::close));
      } catch (IllegalStateException closed) {
        open.remove(state);
      }
    }
  }

  /**
   * Closes all that are open, one task each, and waits; a failure is reported and stops no other.
   */
  void shutdown() {
    shutDown = true;
    if (open.isEmpty()) {
      return;
    }
    List<Awaitable<Void>> closings = new ArrayList<>();
    for (GeneratorState<?> state : open) {
      Action close = state::close;
      closings.add(close.toCoroutine());
    }
    for (Object outcome : Asyncio.gatherReturnExceptions(closings).await()) {
      if (outcome instanceof Throwable error && !(error instanceof CancelledError)) {
        loop.diagnostics.report(
            ExceptionContext.of(
                "an error occurred during closing of asynchronous generator", error));
      }
    }
  }
}
