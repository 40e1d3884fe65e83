package dev.lariat;

import dev.lariat.queue.Queue;
import java.util.Iterator;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Between reactive streams and iteration that suspends. */
final class Publishers {
  private Publishers() {}

  /**
   * To the loop's thread; where the loop is closed nobody iterates any more, and a signal is lost.
   */
  private static void post(EventLoop loop, Runnable what) {
    try {
      loop.callSoonThreadsafe(what);
    } catch (IllegalStateException closed) {
      // as the rules of reactive streams want it
    }
  }

  // -- a publisher, iterated ---------------------------------------------------------------------

  private sealed interface Signal<T> {
    record Item<T>(T value) implements Signal<T> {}

    record End<T>(@Nullable Throwable error) implements Signal<T> {}
  }

  static <T> AsyncGenerator<T> iterate(Flow.Publisher<T> publisher) {
    Objects.requireNonNull(publisher, "publisher");
    return new AsyncGenerator<>(out -> {
      Subscriber<T> subscriber = new Subscriber<>(EventLoop.requireRunning());
      publisher.subscribe(subscriber);
      try {
        subscriber.handOut(out);
      } finally {
        subscriber.cancel();
      }
    });
  }

  /** Asks for one item at a time, so that a slow consumer slows the publisher down. */
  private static final class Subscriber<T> implements Flow.Subscriber<T> {
    private final EventLoop loop;
    private final Queue<Signal<T>> signals = new Queue<>();
    private Flow.@Nullable Subscription subscription;
    private boolean cancelled;

    Subscriber(EventLoop loop) {
      this.loop = loop;
    }

    void handOut(AsyncGenerator.Yielder<T> out) throws Exception {
      while (true) {
        switch (signals.get()) {
          case Signal.Item<T>(T value) -> {
            out.yield(value);
            if (subscription != null) {
              subscription.request(1);
            }
          }
          case Signal.End<T>(Throwable error) -> {
            if (error != null) {
              throw dev.lariat.internal.Failures.<Exception>sneak(error);
            }
            return;
          }
        }
      }
    }

    void cancel() {
      cancelled = true;
      if (subscription != null) {
        subscription.cancel();
      }
    }

    private void post(Runnable what) {
      Publishers.post(loop, what);
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
      Objects.requireNonNull(given, "subscription");
      post(() -> {
        if (cancelled || subscription != null) {
          given.cancel();
        } else {
          subscription = given;
          given.request(1);
        }
      });
    }

    @Override
    public void onNext(T item) {
      Objects.requireNonNull(item, "item");
      post(() -> signals.putNowait(new Signal.Item<>(item)));
    }

    @Override
    public void onError(Throwable error) {
      Objects.requireNonNull(error, "error");
      post(() -> signals.putNowait(new Signal.End<>(error)));
    }

    @Override
    public void onComplete() {
      post(() -> signals.putNowait(new Signal.End<>(null)));
    }
  }

  // -- an iterable, published --------------------------------------------------------------------

  static <T> Flow.Publisher<T> publish(Iterable<? extends T> items, EventLoop loop) {
    Objects.requireNonNull(items, "items");
    Objects.requireNonNull(loop, "loop");
    return subscriber -> {
      Objects.requireNonNull(subscriber, "subscriber");
      loop.callSoonThreadsafe(() -> new Subscription<T>(subscriber, loop).start(items));
    };
  }

  /** One subscriber's task. Its fields belong to the loop's thread, but for the flag. */
  private static final class Subscription<T> implements Flow.Subscription {
    private final Flow.Subscriber<? super T> subscriber;
    private final EventLoop loop;
    private final AtomicBoolean over = new AtomicBoolean();
    private final dev.lariat.sync.Event demanded = new dev.lariat.sync.Event();
    private @Nullable Task<Void> task;
    private long demand;

    Subscription(Flow.Subscriber<? super T> subscriber, EventLoop loop) {
      this.subscriber = subscriber;
      this.loop = loop;
    }

    void start(Iterable<? extends T> items) {
      task = loop.createTask(() -> publish(items));
    }

    private void publish(Iterable<? extends T> items) {
      subscriber.onSubscribe(this);
      try {
        for (Iterator<? extends T> i = items.iterator(); nextDemanded() && i.hasNext(); ) {
          subscriber.onNext(i.next());
        }
        if (over.compareAndSet(false, true)) {
          subscriber.onComplete();
        }
      } catch (CancelledError cancelled) {
        if (over.compareAndSet(false, true)) {
          subscriber.onError(cancelled);
        }
        throw cancelled;
      } catch (Throwable error) {
        if (over.compareAndSet(false, true)) {
          subscriber.onError(error);
        }
      }
    }

    private boolean nextDemanded() {
      while (demand == 0 && !over.get()) {
        demanded.clear();
        demanded.await();
      }
      demand--;
      return !over.get();
    }

    @Override
    public void request(long n) {
      post(() -> requested(n));
    }

    private void requested(long n) {
      if (n <= 0) {
        if (over.compareAndSet(false, true)) {
          subscriber.onError(new IllegalArgumentException("request must be positive: " + n));
        }
      } else {
        demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
      }
      demanded.set();
    }

    @Override
    public void cancel() {
      if (over.compareAndSet(false, true)) {
        post(() -> {
          if (task != null) {
            task.cancel();
          }
        });
      }
    }

    private void post(Runnable what) {
      Publishers.post(loop, what);
    }
  }
}
