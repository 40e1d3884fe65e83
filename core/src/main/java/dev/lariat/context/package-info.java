/** Context variables: values per task. Models {@code contextvars}. */
@org.jspecify.annotations.NullMarked
package dev.lariat.context;
