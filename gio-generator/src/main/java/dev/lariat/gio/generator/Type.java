package dev.lariat.gio.generator;

import java.lang.classfile.Signature;
import java.lang.constant.ClassDesc;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * A type of the Java language.
 *
 * @param name a primitive, a type variable, or a class with its package
 * @param arguments the type arguments
 * @param arrays how many dimensions
 * @param nullable whether java-gi says so
 * @param varargs whether the last dimension is written with three dots
 */
record Type(String name, List<Type> arguments, int arrays, boolean nullable, boolean varargs) {
  private static final Map<String, String> UNBOXED =
      Map.of(
          "java.lang.Boolean", "boolean",
          "java.lang.Byte", "byte",
          "java.lang.Character", "char",
          "java.lang.Short", "short",
          "java.lang.Integer", "int",
          "java.lang.Long", "long",
          "java.lang.Float", "float",
          "java.lang.Double", "double");

  static Type of(Signature signature) {
    return switch (signature) {
      case Signature.BaseTypeSig base ->
          simple(ClassDesc.ofDescriptor("" + base.baseType()).displayName());
      case Signature.TypeVarSig variable -> simple(variable.identifier());
      case Signature.ArrayTypeSig array -> {
        Type element = of(array.componentSignature());
        yield new Type(element.name, element.arguments, element.arrays + 1, false, false);
      }
      case Signature.ClassTypeSig type ->
          new Type(
              type.outerType().map(outer -> of(outer).name + ".").orElse("")
                  + type.className().replace('/', '.').replace('$', '.'),
              type.typeArgs().stream().map(Type::of).toList(),
              0,
              false,
              false);
    };
  }

  private static Type of(Signature.TypeArg argument) {
    return switch (argument) {
      case Signature.TypeArg.Unbounded _ -> simple("?");
      case Signature.TypeArg.Bounded bounded -> {
        Type bound = of(bounded.boundType());
        yield switch (bounded.wildcardIndicator()) {
          case NONE -> bound;
          case EXTENDS -> new Type("? extends", List.of(bound), 0, false, false);
          case SUPER -> new Type("? super", List.of(bound), 0, false, false);
        };
      }
    };
  }

  private static Type simple(String name) {
    return new Type(name, List.of(), 0, false, false);
  }

  boolean is(String className) {
    return name.equals(className) && arrays == 0;
  }

  boolean isVoid() {
    return is("void");
  }

  private boolean isReference() {
    return arrays > 0 || name.indexOf('.') >= 0;
  }

  Type named(String newName) {
    return new Type(newName, arguments, arrays, nullable, varargs);
  }

  Type asNullable() {
    return new Type(name, arguments, arrays, isReference(), varargs);
  }

  Type asVarargs() {
    return new Type(name, arguments, arrays, nullable, true);
  }

  /** The primitive, of a box; else this, which may be null. */
  Type unboxed() {
    String primitive = UNBOXED.get(name);
    return arrays == 0 && primitive != null ? simple(primitive) : asNullable();
  }

  /** As source text. */
  String text(UnaryOperator<String> importer) {
    if (name.startsWith("? ")) {
      return name + " " + arguments.getFirst().text(importer);
    }
    boolean annotated = nullable && isReference();
    String text = isReference() && name.indexOf('.') >= 0 ? importer.apply(name) : name;
    if (annotated && arrays == 0) {
      int simple = text.lastIndexOf('.') + 1;
      text = text.substring(0, simple) + "@Nullable " + text.substring(simple);
    }
    if (!arguments.isEmpty()) {
      text +=
          arguments.stream()
              .map(argument -> argument.text(importer))
              .collect(Collectors.joining(", ", "<", ">"));
    }
    if (arrays > 0) {
      text += (annotated ? " @Nullable " : "") + "[]".repeat(arrays);
      if (varargs) {
        text = text.substring(0, text.length() - 2) + "...";
      }
    }
    return text;
  }

  /** As a link in Javadoc has it: erased. */
  String erased() {
    return name + (varargs ? "[]".repeat(arrays - 1) + "..." : "[]".repeat(arrays));
  }
}
