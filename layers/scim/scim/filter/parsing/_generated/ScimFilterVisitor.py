# Generated from grammar/ScimFilter.g4 by ANTLR 4.13.2
from antlr4 import *
if "." in __name__:
    from .ScimFilterParser import ScimFilterParser
else:
    from ScimFilterParser import ScimFilterParser

# This class defines a complete generic visitor for a parse tree produced by ScimFilterParser.

class ScimFilterVisitor(ParseTreeVisitor):

    # Visit a parse tree produced by ScimFilterParser#filterText.
    def visitFilterText(self, ctx:ScimFilterParser.FilterTextContext):
        return self.visitChildren(ctx)


    # Visit a parse tree produced by ScimFilterParser#patchPath.
    def visitPatchPath(self, ctx:ScimFilterParser.PatchPathContext):
        return self.visitChildren(ctx)


    # Visit a parse tree produced by ScimFilterParser#disjunction.
    def visitDisjunction(self, ctx:ScimFilterParser.DisjunctionContext):
        return self.visitChildren(ctx)


    # Visit a parse tree produced by ScimFilterParser#conjunction.
    def visitConjunction(self, ctx:ScimFilterParser.ConjunctionContext):
        return self.visitChildren(ctx)


    # Visit a parse tree produced by ScimFilterParser#term.
    def visitTerm(self, ctx:ScimFilterParser.TermContext):
        return self.visitChildren(ctx)


    # Visit a parse tree produced by ScimFilterParser#group.
    def visitGroup(self, ctx:ScimFilterParser.GroupContext):
        return self.visitChildren(ctx)


    # Visit a parse tree produced by ScimFilterParser#attributeTerm.
    def visitAttributeTerm(self, ctx:ScimFilterParser.AttributeTermContext):
        return self.visitChildren(ctx)


    # Visit a parse tree produced by ScimFilterParser#valueFilter.
    def visitValueFilter(self, ctx:ScimFilterParser.ValueFilterContext):
        return self.visitChildren(ctx)


    # Visit a parse tree produced by ScimFilterParser#condition.
    def visitCondition(self, ctx:ScimFilterParser.ConditionContext):
        return self.visitChildren(ctx)


    # Visit a parse tree produced by ScimFilterParser#valueDisjunction.
    def visitValueDisjunction(self, ctx:ScimFilterParser.ValueDisjunctionContext):
        return self.visitChildren(ctx)


    # Visit a parse tree produced by ScimFilterParser#valueConjunction.
    def visitValueConjunction(self, ctx:ScimFilterParser.ValueConjunctionContext):
        return self.visitChildren(ctx)


    # Visit a parse tree produced by ScimFilterParser#valueTerm.
    def visitValueTerm(self, ctx:ScimFilterParser.ValueTermContext):
        return self.visitChildren(ctx)


    # Visit a parse tree produced by ScimFilterParser#valueGroup.
    def visitValueGroup(self, ctx:ScimFilterParser.ValueGroupContext):
        return self.visitChildren(ctx)


    # Visit a parse tree produced by ScimFilterParser#valueAttributeTerm.
    def visitValueAttributeTerm(self, ctx:ScimFilterParser.ValueAttributeTermContext):
        return self.visitChildren(ctx)


    # Visit a parse tree produced by ScimFilterParser#literal.
    def visitLiteral(self, ctx:ScimFilterParser.LiteralContext):
        return self.visitChildren(ctx)



del ScimFilterParser