package dev.lariat;

import org.jspecify.annotations.Nullable;

/** Makes the tasks of a loop. Models the callable of {@code loop.set_task_factory}. */
public interface TaskFactory {
  /**
   * Starts every task eagerly, unless told otherwise. Models {@code asyncio.eager_task_factory}.
   */
  TaskFactory EAGER = eager(Task::new);

  /**
   * A factory that starts the tasks of {@code constructor} eagerly, unless told otherwise. Models
   * {@code asyncio.create_eager_task_factory}.
   *
   * @param constructor makes the tasks: {@code Task::new}, or a subclass's constructor
   * @return the factory
   */
  static TaskFactory eager(TaskFactory constructor) {
    return new TaskFactory() {
      @Override
      public <T extends @Nullable Object> Task<T> create(
          EventLoop loop, Coroutine<T> coroutine, TaskOptions options) {
        boolean eager = options.eagerStart() == null || options.eagerStart();
        return constructor.create(loop, coroutine, options.withEagerStart(eager));
      }
    };
  }

  /**
   * Makes and schedules a task.
   *
   * @param <T> the type of the value
   * @param loop the loop
   * @param coroutine the body
   * @param options name, context, eager start
   * @return the task
   */
  <T extends @Nullable Object> Task<T> create(
      EventLoop loop, Coroutine<T> coroutine, TaskOptions options);
}
