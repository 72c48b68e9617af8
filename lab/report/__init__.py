"""A run as one self-contained page: figures, pictures and scripts inside, no request made."""

from lab.report.data import ReportData, report_data
from lab.report.write import write_report

__all__ = ["ReportData", "report_data", "write_report"]
