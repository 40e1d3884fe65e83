package dev.lariat.testkit.conform;

import static dev.lariat.Asyncio.allTasks;
import static dev.lariat.Asyncio.asCompleted;
import static dev.lariat.Asyncio.gather;
import static dev.lariat.Asyncio.gatherReturnExceptions;
import static dev.lariat.Asyncio.shield;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.Asyncio.timeout;
import static dev.lariat.Asyncio.timeoutAt;
import static dev.lariat.Asyncio.waitFor;
import static dev.lariat.Asyncio.waitFutures;

import dev.lariat.Asyncio;
import dev.lariat.Awaitable;
import dev.lariat.CancelledError;
import dev.lariat.Coroutine;
import dev.lariat.EventLoop;
import dev.lariat.Future;
import dev.lariat.Handle;
import dev.lariat.ReturnWhen;
import dev.lariat.Task;
import dev.lariat.TaskGroup;
import dev.lariat.TaskOptions;
import dev.lariat.Timeout;
import dev.lariat.Waited;
import dev.lariat.queue.LifoQueue;
import dev.lariat.queue.PriorityQueue;
import dev.lariat.queue.Queue;
import dev.lariat.sync.Barrier;
import dev.lariat.sync.BoundedSemaphore;
import dev.lariat.sync.Condition;
import dev.lariat.sync.Event;
import dev.lariat.sync.Lock;
import dev.lariat.sync.Semaphore;
import dev.lariat.testkit.conform.Machine.Returned;
import dev.lariat.testkit.conform.Python.Item;
import dev.lariat.testkit.conform.Python.Raised;
import dev.lariat.testkit.conform.Python.UserError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What each op does. An op that is not here is not in the language. */
final class Ops {
  private final Machine machine;
  private final EventLoop loop;

  Ops(Machine machine, EventLoop loop) {
    this.machine = machine;
    this.loop = loop;
  }

  /** Runs one op; a result says that the coroutine returns. */
  @Nullable Returned run(Op op) {
    switch (op.name()) {
      case "return" -> {
        return new Returned(op.arg(1));
      }
      case "repeat" -> {
        return repeat(op.number(1), op.list(2));
      }
      case "try" -> {
        return machine.tryBlock(
            op.list(1), op.list(2), op.arg(3) instanceof List<?> last ? last : null);
      }
      case "timeout" -> {
        Duration delay = op.ticksOrNull(2);
        return left(
            op,
            timeout(
                delay,
                scope -> {
                  return enter(op, scope, 3);
                }));
      }
      case "timeout_at" -> {
        Duration when = op.ticksOrNull(2);
        Returned returned =
            timeoutAt(
                when,
                scope -> {
                  return enter(op, scope, 3);
                });
        machine.log("timeout " + op.text(1), "left");
        return returned;
      }
      case "group" -> {
        return left(
            op,
            Asyncio.taskGroup(group -> {
              return enter(op, group, 2);
            }));
      }
      default -> simple(op);
    }
    return null;
  }

  private @Nullable Returned repeat(int times, List<?> block) {
    for (int i = 0; i < times; i++) {
      Returned returned = machine.block(block);
      if (returned != null) {
        return returned;
      }
    }
    return null;
  }

  private @Nullable Returned enter(Op op, Object scope, int body) {
    machine.vars.put(op.text(1), scope);
    return machine.block(op.list(body));
  }

  private @Nullable Returned left(Op op, @Nullable Returned returned) {
    machine.log(op.name() + " " + op.text(1), "left");
    return returned;
  }

  private void simple(Op op) {
    switch (op.name()) {
      case "log" -> machine.log("log", op.arg(1));
      case "raise" -> throw new UserError(op.text(1));
      case "raise_cancelled" -> throw new CancelledError();
      case "sleep" ->
          machine.awaiting(
              "sleep",
              () -> {
                sleep(op.ticks(1));
                return null;
              });
      case "call" -> machine.awaiting("call " + op.text(1), () -> machine.coroutine(op.text(1)));
      case "spawn" ->
          machine.vars.put(op.text(1), loop.createTask(named(op), coroutine(op.text(2))));
      case "spawn_eager" ->
          machine.vars.put(
              op.text(1), new Task<>(loop, coroutine(op.text(2)), named(op).withEagerStart(true)));
      case "await" -> {
        Object var = var(op);
        machine.awaiting(label(op), () -> Asyncio.await(awaitable(var)));
      }
      case "cancel" -> cancel(op);
      case "uncancel" -> machine.log("uncancel", "=", currentTask().uncancel());
      case "cancelling" -> machine.log(label(op), "=", var(op, Task.class).cancelling());
      case "state" -> machine.log(label(op), "=", state(var(op, Future.class)));
      case "result" -> {
        Future<?> future = var(op, Future.class);
        inspect(op, future::result);
      }
      case "exception" -> inspect(op, () -> exceptionText(var(op, Future.class)));
      case "current_task" -> machine.log("current_task", "=", currentTask().getName());
      case "all_tasks" ->
          machine.log("all_tasks", "=", allTasks().stream().map(Task::getName).sorted().toList());
      case "set_name" -> var(op, Task.class).setName(op.text(2));
      case "future" -> machine.vars.put(op.text(1), loop.createFuture());
      case "set_result" -> calling(op, future(op), future -> future.setResult(op.arg(2)));
      case "set_exception" ->
          calling(op, future(op), future -> future.setException(new UserError(op.text(2))));
      case "on_done" -> future(op).addDoneCallback(callback(op));
      case "remove_on_done" ->
          machine.log("remove_on_done", "=", future(op).removeDoneCallback(knownCallback(op)));
      case "call_soon" -> machine.vars.put(op.text(1), loop.callSoon(() -> logCallback(op, 2)));
      case "call_later" ->
          machine.vars.put(op.text(1), loop.callLater(op.ticks(2), () -> logCallback(op, 3)));
      case "call_at" ->
          machine.vars.put(op.text(1), loop.callAt(op.ticks(2), () -> logCallback(op, 3)));
      case "cancel_handle" -> cancelAny(var(op));
      case "call_soon_raising" ->
          loop.callSoon(() -> {
            throw new UserError(op.text(1));
          });
      case "call_soon_cancelling" ->
          loop.callSoon(() -> machine.log("callback cancel", "=", cancelAny(var(op))));
      case "call_soon_setting" -> loop.callSoon(() -> setIfPending(op));
      case "context_set" -> machine.contextVar(op.text(1)).set(op.arg(2));
      case "context_get" -> machine.log(label(op), "=", machine.contextVar(op.text(1)).get());
      default -> {
        if (!several(op) && !synchronisation(op) && !queues(op)) {
          throw new Raised("AttributeError", "there is no op " + op.name());
        }
      }
    }
  }

  // -- several at once, scopes -------------------------------------------------------------------

  private boolean several(Op op) {
    switch (op.name()) {
      case "gather" -> machine.awaiting("gather", () -> texts(gatherOf(op, 1).await()));
      case "gather_as" -> machine.vars.put(op.text(1), gatherOf(op, 2));
      case "await_gather" ->
          machine.awaiting(label(op), () -> texts((List<?>) Asyncio.await(awaitable(var(op)))));
      case "wait" -> machine.awaiting("wait", () -> waitOf(op));
      case "as_completed" -> machine.awaiting("as_completed", () -> asCompletedOf(op));
      case "shield" -> machine.vars.put(op.text(1), shield(target(op.arg(2))));
      case "wait_for" -> {
        Object target = object(op.arg(1));
        machine.awaiting("wait_for", () -> waitFor(awaitable(target), op.ticksOrNull(2)));
      }
      case "reschedule" -> {
        Duration ticks = op.ticksOrNull(2);
        calling(
            op,
            var(op, Timeout.class),
            scope -> scope.reschedule(ticks == null ? null : loop.time().plus(ticks)));
      }
      case "expired" -> machine.log(label(op), "=", var(op, Timeout.class).expired());
      case "when" -> {
        Duration when = var(op, Timeout.class).when();
        machine.log(label(op), "=", when == null ? null : when.toSeconds());
      }
      case "group_spawn" -> groupSpawn(op);
      default -> {
        return false;
      }
    }
    return true;
  }

  private Future<? extends List<?>> gatherOf(Op op, int at) {
    List<Awaitable<?>> targets = new ArrayList<>();
    List<Object> objects = new ArrayList<>();
    op.list(at).forEach(target -> objects.add(object(target)));
    try {
      objects.forEach(object -> targets.add(awaitable(object)));
    } catch (Raised notAwaitable) {
      gather(targets); // Python has started those in front of it by then
      throw notAwaitable;
    }
    return op.flag(at + 1) ? gatherReturnExceptions(targets) : gather(targets);
  }

  /** Values as they are, exceptions by their text. */
  private static List<@Nullable Object> texts(List<?> values) {
    List<@Nullable Object> texts = new ArrayList<>();
    for (Object value : values) {
      texts.add(value instanceof Throwable error ? Python.describe(error) : value);
    }
    return texts;
  }

  private List<List<String>> waitOf(Op op) {
    Map<Object, String> names = new LinkedHashMap<>();
    for (Object name : op.list(1)) {
      names.put(machine.var((String) name), (String) name);
    }
    ReturnWhen returnWhen = returnWhen(op.text(2));
    List<Future<?>> futures = new ArrayList<>();
    for (Object var : names.keySet()) {
      futures.add(as(Future.class, var));
    }
    Waited<?> waited = waitFutures(futures, op.ticksOrNull(3), returnWhen);
    return List.of(
        waited.done().stream().map(names::get).sorted().toList(),
        waited.pending().stream().map(names::get).sorted().toList());
  }

  private static ReturnWhen returnWhen(String name) {
    return Arrays.stream(ReturnWhen.values())
        .filter(value -> value.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("Invalid return_when value: " + name));
  }

  private int asCompletedOf(Op op) {
    List<Object> vars = op.list(1).stream().map(name -> machine.var((String) name)).toList();
    List<Awaitable<?>> targets = new ArrayList<>();
    vars.forEach(var -> targets.add(awaitable(var)));
    int count = 0;
    for (Coroutine<?> next : asCompleted(targets, op.ticksOrNull(2)).coroutines()) {
      try {
        machine.log("next", "=", Asyncio.await(next));
      } catch (UserError error) {
        machine.log("next", "!", Python.describe(error));
      }
      count++;
    }
    return count;
  }

  private void groupSpawn(Op op) {
    TaskGroup group = var(op, TaskGroup.class);
    String name = op.text(2);
    try {
      machine.vars.put(name, group.createTask(TaskOptions.named(name), coroutine(op.text(3))));
    } catch (IllegalStateException error) {
      machine.log("group_spawn " + name, "!", Python.describe(error));
      throw error;
    }
  }

  // -- tasks, futures, handles -------------------------------------------------------------------

  private void cancel(Op op) {
    Object message = op.optional(2);
    Object var = var(op);
    if (var instanceof Handle) {
      machine.awaiting(
          label(op),
          () -> {
            throw new Raised("TypeError", "a handle takes no message");
          });
      return;
    }
    Future<?> future = as(Future.class, var);
    machine.awaiting(label(op), () -> future.cancel(message == null ? null : Python.str(message)));
  }

  private static @Nullable Object cancelAny(Object var) {
    if (var instanceof Handle handle) {
      handle.cancel();
      return null;
    }
    return as(Future.class, var).cancel();
  }

  private static @Nullable Object state(Future<?> future) {
    if (!future.done()) {
      return "pending";
    }
    if (future.cancelled()) {
      return "cancelled";
    }
    Throwable error = future.exception();
    return error == null ? future.result() : Python.describe(error);
  }

  private static @Nullable String exceptionText(Future<?> future) {
    Throwable error = future.exception();
    return error == null ? null : Python.describe(error);
  }

  /** Writes the outcome of {@code look} down; nothing goes on. */
  private void inspect(Op op, Supplier<@Nullable Object> look) {
    try {
      machine.log(label(op), "=", look.get());
    } catch (CancelledError | RuntimeException error) {
      machine.log(label(op), "!", Python.describe(error));
    }
  }

  private void setIfPending(Op op) {
    Future<@Nullable Object> future = future(op);
    if (!future.done()) {
      future.setResult(op.arg(2));
    }
  }

  private void logCallback(Op op, int label) {
    machine.log("callback", op.arg(label));
  }

  @SuppressWarnings("unchecked")
  private Consumer<Future<@Nullable Object>> callback(Op op) {
    String label = op.text(2);
    Consumer<Future<@Nullable Object>> logging = _ -> machine.log("done", label);
    return (Consumer<Future<@Nullable Object>>)
        machine.vars.computeIfAbsent(callbackName(op), _ -> logging);
  }

  @SuppressWarnings("unchecked")
  private Consumer<Future<@Nullable Object>> knownCallback(Op op) {
    return (Consumer<Future<@Nullable Object>>)
        machine.vars.getOrDefault(callbackName(op), (Consumer<Object>) _ -> {});
  }

  private static String callbackName(Op op) {
    return "callback " + op.text(1) + " " + op.text(2);
  }

  // -- synchronisation ---------------------------------------------------------------------------

  private boolean synchronisation(Op op) {
    switch (op.name()) {
      case "lock" -> machine.vars.put(op.text(1), new Lock());
      case "event" -> machine.vars.put(op.text(1), new Event());
      case "condition" -> machine.vars.put(op.text(1), condition(op));
      case "semaphore" -> machine.vars.put(op.text(1), new Semaphore(op.number(2)));
      case "bounded_semaphore" -> machine.vars.put(op.text(1), new BoundedSemaphore(op.number(2)));
      case "barrier" -> machine.vars.put(op.text(1), new Barrier(op.number(2)));
      case "acquire" -> awaitingTrue(op, acquire(var(op)));
      case "release" -> calling(op, release(var(op)), Runnable::run);
      case "locked" -> machine.log(label(op), "=", locked(var(op)));
      case "set" -> var(op, Event.class).set();
      case "clear" -> var(op, Event.class).clear();
      case "is_set" -> machine.log(label(op), "=", var(op, Event.class).isSet());
      case "event_wait" -> awaitingTrue(op, var(op, Event.class)::await);
      case "condition_wait" -> awaitingTrue(op, var(op, Condition.class)::await);
      case "notify" ->
          calling(op, var(op, Condition.class), condition -> condition.signal(op.number(2)));
      case "notify_all" -> calling(op, var(op, Condition.class), Condition::signalAll);
      case "barrier_wait" -> machine.awaiting(label(op), var(op, Barrier.class)::await);
      case "barrier_reset" -> awaitingNull(op, var(op, Barrier.class)::reset);
      case "barrier_abort" -> awaitingNull(op, var(op, Barrier.class)::abort);
      case "barrier_state" -> {
        Barrier barrier = var(op, Barrier.class);
        machine.log(
            label(op), "=", List.of(barrier.parties(), barrier.nWaiting(), barrier.broken()));
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private Condition condition(Op op) {
    return op.optional(2) instanceof String lock && !lock.isEmpty()
        ? new Condition(as(Lock.class, machine.var(lock)))
        : new Condition();
  }

  private static Runnable acquire(Object var) {
    return switch (var) {
      case Lock lock -> lock::acquire;
      case Condition condition -> condition::acquire;
      case Semaphore semaphore -> semaphore::acquire;
      default -> throw noAttribute(var);
    };
  }

  private static Runnable release(Object var) {
    return switch (var) {
      case Lock lock -> lock::release;
      case Condition condition -> condition::release;
      case BoundedSemaphore semaphore -> () -> asValueError(semaphore::release);
      case Semaphore semaphore -> semaphore::release;
      default -> throw noAttribute(var);
    };
  }

  private static boolean locked(Object var) {
    return switch (var) {
      case Lock lock -> lock.locked();
      case Condition condition -> condition.locked();
      case Semaphore semaphore -> semaphore.locked();
      default -> throw noAttribute(var);
    };
  }

  /**
   * Where Python says ValueError of a call that has no argument, and Java says
   * IllegalStateException.
   */
  private static void asValueError(Runnable call) {
    try {
      call.run();
    } catch (IllegalStateException error) {
      throw new Raised("ValueError", error.getMessage());
    }
  }

  // -- queues ------------------------------------------------------------------------------------

  private boolean queues(Op op) {
    switch (op.name()) {
      case "queue" -> machine.vars.put(op.text(1), new Queue<Item>(op.number(2)));
      case "lifo_queue" -> machine.vars.put(op.text(1), new LifoQueue<Item>(op.number(2)));
      case "priority_queue" -> machine.vars.put(op.text(1), new PriorityQueue<Item>(op.number(2)));
      case "put" -> {
        Queue<Item> queue = queue(op);
        awaitingNull(op, () -> queue.put(new Item(op.arg(2))));
      }
      case "get" -> {
        Queue<Item> queue = queue(op);
        machine.awaiting(label(op), () -> queue.get().value());
      }
      case "put_nowait" -> calling(op, queue(op), queue -> queue.putNowait(new Item(op.arg(2))));
      case "get_nowait" -> {
        Queue<Item> queue = queue(op);
        machine.awaiting(label(op), () -> queue.getNowait().value());
      }
      case "task_done" -> calling(op, queue(op), queue -> asValueError(queue::taskDone));
      case "join" -> awaitingNull(op, queue(op)::join);
      case "shutdown" -> calling(op, queue(op), queue -> queue.shutdown(op.flag(2)));
      case "queue_state" -> {
        Queue<Item> queue = queue(op);
        machine.log(label(op), "=", List.of(queue.qsize(), queue.empty(), queue.full()));
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  // -- arguments ---------------------------------------------------------------------------------

  private static String label(Op op) {
    return op.name() + " " + op.text(1);
  }

  private static TaskOptions named(Op op) {
    return TaskOptions.named(op.text(1));
  }

  private Coroutine<@Nullable Object> coroutine(Object name) {
    return () -> machine.coroutine(name);
  }

  private Task<?> currentTask() {
    return Objects.requireNonNull(Asyncio.currentTask(), "ops run in tasks");
  }

  /** A variable's name stands for what it holds; ["coro", NAME] for a new coroutine. */
  private Object object(@Nullable Object what) {
    return what instanceof List<?> list
        ? coroutine(Objects.requireNonNull(list.get(1)))
        : machine.var(Python.str(what));
  }

  private Awaitable<?> target(@Nullable Object what) {
    return awaitable(object(what));
  }

  private static Awaitable<?> awaitable(Object var) {
    if (var instanceof Awaitable<?> awaitable) {
      return awaitable;
    }
    throw new Raised("TypeError", "cannot be awaited: " + var);
  }

  private Object var(Op op) {
    return machine.var(op.text(1));
  }

  private <T> T var(Op op, Class<T> type) {
    return as(type, var(op));
  }

  @SuppressWarnings("unchecked") // programs put any JSON value into any future
  private Future<@Nullable Object> future(Op op) {
    return (Future<@Nullable Object>) var(op, Future.class);
  }

  @SuppressWarnings("unchecked") // all queues hold items
  private Queue<Item> queue(Op op) {
    return (Queue<Item>) var(op, Queue.class);
  }

  private static <T> T as(Class<T> type, Object var) {
    if (type.isInstance(var)) {
      return type.cast(var);
    }
    throw noAttribute(var);
  }

  private static Raised noAttribute(Object var) {
    return new Raised("AttributeError", var.getClass().getSimpleName() + " cannot do this");
  }

  // -- outcomes ----------------------------------------------------------------------------------

  /** Calls, writes null or the error down, and lets an error go on. */
  private <T> void calling(Op op, T target, Consumer<T> call) {
    awaitingNull(op, () -> call.accept(target));
  }

  private void awaitingNull(Op op, Runnable call) {
    awaitingValue(op, call, () -> null);
  }

  private void awaitingTrue(Op op, Runnable call) {
    awaitingValue(op, call, () -> true);
  }

  private void awaitingValue(Op op, Runnable call, Supplier<@Nullable Object> value) {
    Callable<@Nullable Object> callable =
        () -> {
          call.run();
          return value.get();
        };
    machine.awaiting(label(op), callable);
  }
}
