package io.arrowmill.kernel;

import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.plan.*;
import java.util.*;

public final class IrTranslator {
  public IrTranslator(List<Expression.Attribute> in, java.time.ZoneId z) {}

  public Optional<Ir> translate(Expression e) {
    return Optional.empty();
  }
}
