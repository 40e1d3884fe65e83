package dev.lariat;

import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The future that {@code gather} returns: completes with all results, or the first exception. Its
 * cancel goes to the children, and it ends when they have.
 */
final class Gather<T extends @Nullable Object> extends Future<List<T>> {
  private final List<Future<? extends T>> children = new ArrayList<>();
  private final boolean returnExceptions;
  private int unfinished;
  private boolean cancelRequested;

  private Gather(EventLoop loop, boolean returnExceptions) {
    super(loop);
    this.returnExceptions = returnExceptions;
  }

  static <T extends @Nullable Object> Future<List<T>> of(
      Collection<? extends Awaitable<? extends T>> awaitables, boolean returnExceptions) {
    EventLoop loop = loopOf(awaitables);
    Gather<T> outer = new Gather<>(loop, returnExceptions);
    if (awaitables.isEmpty()) {
      outer.setResult(List.of());
      return outer;
    }
    try {
      outer.start(awaitables);
    } catch (Throwable error) {
      outer.abandon(); // those that are on their way find nobody to tell
      throw error;
    }
    return outer;
  }

  private static EventLoop loopOf(Collection<? extends Awaitable<?>> awaitables) {
    EventLoop running = EventLoop.running();
    if (running == null) {
      for (Awaitable<?> awaitable : awaitables) {
        if (awaitable instanceof Future<?> future) {
          return future.loop;
        }
      }
    }
    return running == null ? EventLoop.currentOrAssigned() : running;
  }

  private void start(Collection<? extends Awaitable<? extends T>> awaitables) {
    Map<Object, Future<? extends T>> known = new IdentityHashMap<>();
    List<Future<? extends T>> doneAlready = new ArrayList<>();
    Consumer<Future<? extends T>> onDone = Waiting.awaiting(loop, this::childDone);
    for (Awaitable<? extends T> awaitable : awaitables) {
      Future<? extends T> child = known.get(awaitable);
      if (child == null) {
        child = Futures.ensure(awaitable, loop);
        known.put(awaitable, child);
        if (child != awaitable) {
          ((Task<?>) child).silent = true; // the caller cannot reach it, so need not hear of it
        }
        if (child.done()) {
          doneAlready.add(child);
        } else {
          child.addDoneCallback(onDone);
        }
      }
      children.add(child);
    }
    unfinished = known.size();
    doneAlready.forEach(onDone);
  }

  private void childDone(Future<? extends T> child) {
    unfinished--;
    if (done()) {
      child.noteRetrieved();
      return;
    }
    if (!returnExceptions) {
      Throwable error = errorOf(child);
      if (error != null) {
        completeFailed(error);
        return;
      }
    }
    if (unfinished == 0) {
      List<@Nullable Object> results = results();
      if (cancelRequested) {
        completeFailed(children.getLast().makeCancelledError());
      } else {
        completeFinished(results);
      }
    }
  }

  private static @Nullable Throwable errorOf(Future<?> child) {
    return child.cancelled() ? child.makeCancelledError() : child.exception();
  }

  private List<@Nullable Object> results() {
    List<@Nullable Object> results = new ArrayList<>(children.size());
    for (Future<? extends T> child : children) {
      if (child.cancelled()) {
        results.add(new CancelledError(Objects.requireNonNullElse(child.cancelMessage(), "")));
      } else {
        Throwable error = child.exception();
        results.add(error == null ? child.result() : error);
      }
    }
    return results;
  }

  @Override
  public boolean cancel(@Nullable String message) {
    if (done()) {
      return false;
    }
    boolean any = false;
    for (Future<? extends T> child : children) {
      any |= child.cancel(message);
    }
    cancelRequested |= any;
    return any;
  }
}
