extension Plot {
  /// This figure as the bytes of a PDF file: one page of the figure's size, for papers and print.
  ///
  /// Lines and letters stay sharp at any size, text can be selected and searched, and the one typeface
  /// that is used is embedded, as publishers ask. The same plot gives the same bytes, with no clock and
  /// no fonts of the machine in them. A pixel becomes ¾ of a point, so that the standard figure is 510
  /// points wide, and nothing is painted behind it.
  ///
  /// ```swift
  /// try Data(plot.pdf()).write(to: URL(fileURLWithPath: "accuracy.pdf"))
  /// ```
  public func pdf() -> [UInt8] {
    PDFWriter.bytes(Figure(self).drawing)
  }
}

extension PlotGrid {
  /// These figures as the bytes of one PDF file, with the promises of ``Plot/pdf()``.
  public func pdf() -> [UInt8] {
    PDFWriter.bytes(Figure(self).drawing)
  }
}
